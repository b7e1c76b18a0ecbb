import { throwIfInterrupted } from '../process/activity-failure.ts';
import { createTail, truncateEnd } from '../process/output-lines.ts';
import type { CommandResult, RunCommand } from '../process/port.ts';

const longestError = 4000;

/** Runs when GitHub is asked over https and the worker has a token: the token is in no argument and no file. */
const githubHelper =
  '!f() { test "$1" = get && test -n "$GITHUB_TOKEN" && echo username=x-access-token && echo "password=$GITHUB_TOKEN"; }; f';

const settings = [
  'core.hooksPath=/dev/null',
  'core.sshCommand=ssh -oBatchMode=yes -oConnectTimeout=15',
  'gc.autoDetach=false',
  'maintenance.autoDetach=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=30',
  'advice.detachedHead=false',
  `credential.https://github.com.helper=${githubHelper}`,
].flatMap((setting) => ['-c', setting]);

const environment = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GIT_ALLOW_PROTOCOL: 'file:https:ssh',
  // Set while a git hook runs; they would point git at another repository.
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
};

export interface GitResult extends CommandResult {
  readonly lines: readonly string[];
  /** The last of stderr in full, to find out what went wrong; the tail is what people are shown. */
  readonly stderr: string;
}

interface GitOptions {
  readonly operation: string;
  readonly cwd: string;
  readonly logKey?: string | null;
}

export type Git = (args: readonly string[], options: GitOptions) => Promise<GitResult>;

/** git that asks nobody anything, speaks English and runs no hooks. Its stdout comes back as lines. */
export const createGit =
  (runCommand: RunCommand): Git =>
  async (args, { operation, cwd, logKey = null }) => {
    const lines: string[] = [];
    const onStdout = (line: string): null => {
      lines.push(line);
      return null;
    };
    const errors = createTail(40);
    const onStderr = (line: string): string => {
      errors.add(truncateEnd(line, longestError));
      return line;
    };
    const command = { operation, file: 'git', args: [...settings, ...args], cwd, env: environment };
    const result = await runCommand({ ...command, access: 'repository', onStdout, onStderr }, logKey);
    await throwIfInterrupted(result, operation);
    return { ...result, lines, stderr: errors.last().join('\n') };
  };
