import { asyncLocalStorage } from '@temporalio/activity';
import type { ArtifactStore } from '../artifacts/port.ts';
import { createLogFile, type LogFile, type LogLimits } from './log-file.ts';
import { createProcessTag, processTagVariable } from './orphan-processes.ts';
import { cleanLine, createTail, maxTailLineLength, truncateEnd } from './output-lines.ts';
import type { ProcessCommand, RunCommand } from './port.ts';
import { createProcessEnv, type ProcessEnv } from './process-env.ts';
import { defaultKillGracePeriod, type KillGracePeriod } from './process-group.ts';
import { reportProgress } from './progress.ts';
import { createLineRedactor, createTextRedactor, secretValues } from './redact.ts';
import { runProcess } from './run-process.ts';

interface Dependencies {
  readonly artifacts: ArtifactStore;
  /** The worker's environment: what commands inherit of it, and whose secrets are scrubbed. */
  readonly env: ProcessEnv;
  readonly killGracePeriod?: KillGracePeriod;
  readonly logLimits?: LogLimits;
}

const longestLogged = 4000;

const environmentOf = (env: ProcessEnv, command: ProcessCommand, mark: string): Record<string, string> => {
  const all = {
    ...createProcessEnv(env, command.access ?? 'build'),
    ...command.env,
    [processTagVariable]: mark,
  };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
};

/** Storing a log never fails the command: what it did is done, and its result must not be lost. */
const store = async (artifacts: ArtifactStore, key: string, log: LogFile, say: (line: string) => void) => {
  try {
    if (log.error) throw log.error;
    return await artifacts.put(key, log.read());
  } catch (error) {
    say(`The log could not be stored: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
};

/** Makes the function that runs every command of the worker. */
export const createRunCommand = (deps: Dependencies): RunCommand => {
  const known = secretValues(deps.env);
  const scrubKnown = createTextRedactor(known);

  return async (command, logKey) => {
    const scrub = command.secrets?.length ? createTextRedactor([...known, ...command.secrets]) : scrubKnown;
    const tail = createTail();
    const log = logKey === null ? null : await createLogFile(deps.logLimits);

    const reader = (hook: ProcessCommand['onStdout']) => {
      const scrubLine = createLineRedactor(scrub);
      const logged = (line: string): string | null => {
        const text = hook ? hook(line) : line;
        return text === null ? null : truncateEnd(scrubLine(cleanLine(text)), longestLogged);
      };
      return async (lines: readonly string[]): Promise<void> => {
        const shown = lines.map(logged).filter((line) => line !== null);
        for (const line of shown) if (line !== '') tail.add(truncateEnd(line, maxTailLineLength));
        await log?.add(shown);
      };
    };

    const look = () => ({
      ...(command.progress?.() ?? { done: null, total: null }),
      lines: tail.last(5),
    });

    try {
      using _progress = reportProgress(look);
      const mark = createProcessTag(command.cwd);
      const ended = await runProcess({
        command,
        env: environmentOf(deps.env, command, mark),
        tag: mark,
        killGracePeriod: deps.killGracePeriod ?? defaultKillGracePeriod,
        abortSignal: asyncLocalStorage.getStore()?.cancellationSignal ?? null,
        onStdout: reader(command.onStdout),
        onStderr: reader(command.onStderr),
      });
      const ref =
        log && logKey !== null
          ? await store(deps.artifacts, logKey, log, (line) => tail.add(scrub(line)))
          : null;
      return { ...ended, tail: tail.last(), log: ref };
    } finally {
      await log?.close();
    }
  };
};
