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
  /** The worker's environment: commands inherit a part of it, and its secrets are redacted. */
  readonly env: ProcessEnv;
  readonly killGracePeriod?: KillGracePeriod;
  readonly logLimits?: LogLimits;
}

const maxLoggedLineLength = 4000;

const toEnvironment = (env: ProcessEnv, command: ProcessCommand, tag: string): Record<string, string> => {
  const all = {
    ...createProcessEnv(env, command.access ?? 'build'),
    ...command.env,
    [processTagVariable]: tag,
  };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
};

/** A log that cannot be stored does not fail the command, because its result must not be lost. */
const store = async (artifacts: ArtifactStore, key: string, log: LogFile, report: (line: string) => void) => {
  try {
    if (log.error) throw log.error;
    return await artifacts.put(key, log.read());
  } catch (error) {
    report(`The log could not be stored: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
};

/** Creates the function that runs all commands of a worker. */
export const createRunCommand = (deps: Dependencies): RunCommand => {
  const secrets = secretValues(deps.env);
  const redactSecrets = createTextRedactor(secrets);

  return async (command, logKey) => {
    const redact = command.secrets?.length
      ? createTextRedactor([...secrets, ...command.secrets])
      : redactSecrets;
    const tail = createTail();
    const log = logKey === null ? null : await createLogFile(deps.logLimits);

    const reader = (hook: ProcessCommand['onStdout']) => {
      const redactLine = createLineRedactor(redact);
      const logged = (line: string): string | null => {
        const text = hook ? hook(line) : line;
        return text === null ? null : truncateEnd(redactLine(cleanLine(text)), maxLoggedLineLength);
      };
      return async (lines: readonly string[]): Promise<void> => {
        const shown = lines.map(logged).filter((line) => line !== null);
        for (const line of shown) if (line !== '') tail.add(truncateEnd(line, maxTailLineLength));
        await log?.add(shown);
      };
    };

    const readProgress = () => ({
      ...(command.progress?.() ?? { done: null, total: null }),
      lines: tail.last(5),
    });

    try {
      using _progress = reportProgress(readProgress);
      const tag = createProcessTag(command.cwd);
      const ended = await runProcess({
        command,
        env: toEnvironment(deps.env, command, tag),
        tag,
        killGracePeriod: deps.killGracePeriod ?? defaultKillGracePeriod,
        abortSignal: asyncLocalStorage.getStore()?.cancellationSignal ?? null,
        onStdout: reader(command.onStdout),
        onStderr: reader(command.onStderr),
      });
      const ref =
        log && logKey !== null
          ? await store(deps.artifacts, logKey, log, (line) => tail.add(redact(line)))
          : null;
      return { ...ended, tail: tail.last(), log: ref };
    } finally {
      await log?.close();
    }
  };
};
