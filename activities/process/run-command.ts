import { asyncLocalStorage } from '@temporalio/activity';
import type { ArtifactStore } from '../artifacts/port.ts';
import { cleanLine, shorten } from './clean-line.ts';
import { commandEnvironment, type Env } from './environment.ts';
import { createLogFile, type LogFile, type LogLimits } from './log-file.ts';
import type { Command, RunCommand } from './port.ts';
import { type Patience, patience } from './process-group.ts';
import { reportProgress } from './progress.ts';
import { runProcess } from './run-process.ts';
import { createLineScrub, createScrub } from './scrub.ts';
import { secretValues } from './secret-values.ts';
import { markName, newMark } from './stragglers.ts';
import { createTail, tailWidth } from './tail.ts';

interface Dependencies {
  readonly artifacts: ArtifactStore;
  /** The worker's environment: what commands inherit of it, and whose secrets are scrubbed. */
  readonly env: Env;
  readonly patience?: Patience;
  readonly logLimits?: LogLimits;
}

const longestLogged = 4000;

const environmentOf = (env: Env, command: Command, mark: string): Record<string, string> => {
  const all = { ...commandEnvironment(env, command.access ?? 'build'), ...command.env, [markName]: mark };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
};

/** Storing a log never fails the command: what it did is done, and its result must not be lost. */
const store = async (artifacts: ArtifactStore, key: string, log: LogFile, say: (line: string) => void) => {
  try {
    if (log.trouble) throw log.trouble;
    return await artifacts.put(key, log.read());
  } catch (error) {
    say(`The log could not be stored: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
};

/** Makes the function that runs every command of the worker. */
export const createRunCommand = (deps: Dependencies): RunCommand => {
  const known = secretValues(deps.env);
  const scrubKnown = createScrub(known);

  return async (command, logKey) => {
    const scrub = command.secrets?.length ? createScrub([...known, ...command.secrets]) : scrubKnown;
    const tail = createTail();
    const log = logKey === null ? null : await createLogFile(deps.logLimits);

    const reader = (hook: Command['onStdout']) => {
      const scrubLine = createLineScrub(scrub);
      const logged = (line: string): string | null => {
        const text = hook ? hook(line) : line;
        return text === null ? null : shorten(scrubLine(cleanLine(text)), longestLogged);
      };
      return async (lines: readonly string[]): Promise<void> => {
        const shown = lines.map(logged).filter((line) => line !== null);
        for (const line of shown) if (line !== '') tail.add(shorten(line, tailWidth));
        await log?.add(shown);
      };
    };

    const look = () => ({
      ...(command.progress?.() ?? { done: null, total: null }),
      lines: tail.last(5),
    });

    try {
      using _progress = reportProgress(look);
      const mark = newMark(command.cwd);
      const ended = await runProcess({
        command,
        env: environmentOf(deps.env, command, mark),
        mark,
        patience: deps.patience ?? patience,
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
