import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type ChildSpec, startChild } from './child.ts';
import { createLogFile, type LogFile } from './log-file.ts';

const firstPauseMs = 1000;
const maxPauseMs = 30_000;
/** Whoever ran this long was well; the next fall is a new one. */
const wellAfterMs = 60_000;

/** What happens to a kept process, for the terminal. */
export interface ProcessEvents {
  /** Its group changed: it was started, or started again. */
  started(): void;
  /** It ended by itself and will be started again after the pause. */
  fell(name: string, how: string, pauseMs: number): void;
}

/** A process that is started again whenever it ends by itself. */
export interface SupervisedProcess {
  readonly name: string;
  readonly log: LogFile;
  /** The leader of its process group; null between two starts. */
  leader(): number | null;
  /** Resolves when it ends for the first time, with how. */
  readonly firstFall: Promise<string>;
  stop(): Promise<void>;
  hurry(): Promise<void>;
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

  const firstFall = child.ended;
  const keep = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; child; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      const how = await child.ended;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > wellAfterMs) pauseMs = firstPauseMs;
      child = null;
      events.fell(spec.name, how, pauseMs);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => null);
      if (stopping.signal.aborted) return;
      child = await startChild(spec, log);
      startedAt = Date.now();
      events.started();
    }
  };
  const keeping = keep();
  const end = async (how: 'stop' | 'hurry'): Promise<void> => {
    stopping.abort();
    await child?.[how]();
    await keeping;
  };
  return {
    name: spec.name,
    log,
    leader: () => child?.leader ?? null,
    firstFall,
    stop: () => end('stop'),
    hurry: () => end('hurry'),
  };
};
