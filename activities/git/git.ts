import { throwIfInterrupted } from '../process/activity-failure.ts';
import { createTail, truncateEnd } from '../process/output-lines.ts';
import type { CommandResult, RunCommand } from '../process/port.ts';

const maxErrorLineLength = 4000;

/** Passes GITHUB_TOKEN to git for https://github.com, without an argument or a file that contains it. */
const githubCredentialHelper =
  '!f() { test "$1" = get && test -n "$GITHUB_TOKEN" && echo username=x-access-token && echo "password=$GITHUB_TOKEN"; }; f';

const settings = [
  'core.hooksPath=/dev/null',
  'core.sshCommand=ssh -oBatchMode=yes -oConnectTimeout=15',
  'gc.autoDetach=false',
  'maintenance.autoDetach=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=30',
  'advice.detachedHead=false',
  `credential.https://github.com.helper=${githubCredentialHelper}`,
].flatMap((setting) => ['-c', setting]);

const environment = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GIT_ALLOW_PROTOCOL: 'file:https:ssh',
  // A running git hook sets these; they would point git at another repository.
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
};

/** How a git command ended. */
export interface GitResult extends CommandResult {
  /** All lines of stdout. */
  readonly lines: readonly string[];
  /** The last 40 lines of stderr, not redacted: for finding the cause, never for people. */
  readonly stderr: string;
}

interface GitOptions {
  readonly operation: string;
  readonly cwd: string;
  readonly logKey?: string | null;
}

/** Runs one git command. A command that fails is a result, not an error. */
export type Git = (args: readonly string[], options: GitOptions) => Promise<GitResult>;

/** Creates a git that never prompts, prints English and runs no hooks. */
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
      errors.add(truncateEnd(line, maxErrorLineLength));
      return line;
    };
    const command = { operation, file: 'git', args: [...settings, ...args], cwd, env: environment };
    const result = await runCommand({ ...command, access: 'repository', onStdout, onStderr }, logKey);
    await throwIfInterrupted(result, operation);
    return { ...result, lines, stderr: errors.last().join('\n') };
  };
