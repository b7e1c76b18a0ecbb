import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type ChildSpec, startChild } from './child.ts';
import { createLogFile, type LogFile } from './log-file.ts';

const firstPauseMs = 1000;
const maxPauseMs = 30_000;
/** After running this long, the next exit counts as the first. */
const resetAfterMs = 60_000;

/** What happens to a supervised process, for the terminal. */
export interface ProcessEvents {
  /** The process was started or restarted, so its group changed. */
  started(): void;
  /** The process exited and will be restarted after the pause. `how`: `exit code 1`, `signal SIGKILL`. */
  exited(name: string, how: string, pauseMs: number): void;
}

/** A process that is restarted whenever it exits. */
export interface SupervisedProcess {
  readonly name: string;
  readonly log: LogFile;
  /** The leader of its process group; null between two starts. */
  leader(): number | null;
  /** Resolves when it exits for the first time, with how. */
  readonly firstExit: Promise<string>;
  stop(): Promise<void>;
  forceStop(): Promise<void>;
}

export const superviseProcess = async (
  spec: ChildSpec,
  logPath: string,
  events: ProcessEvents,
): Promise<SupervisedProcess> => {
  const log = createLogFile(logPath);
  const stopping = new AbortController();
  let child: Child | null = await startChild(spec, log);
  let startedAt = Date.now();

  const firstExit = child.exited;
  const supervise = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; child; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      const how = await child.exited;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > resetAfterMs) pauseMs = firstPauseMs;
      child = null;
      events.exited(spec.name, how, pauseMs);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => null);
      if (stopping.signal.aborted) return;
      child = await startChild(spec, log);
      startedAt = Date.now();
      events.started();
    }
  };
  const supervising = supervise();
  const end = async (method: 'stop' | 'forceStop'): Promise<void> => {
    stopping.abort();
    await child?.[method]();
    await supervising;
  };
  return {
    name: spec.name,
    log,
    leader: () => child?.leader ?? null,
    firstExit,
    stop: () => end('stop'),
    forceStop: () => end('forceStop'),
  };
};
