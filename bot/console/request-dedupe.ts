import type { Runs } from '../runs/port.ts';

/** What is asked for several times at one moment is read once. Nothing is kept: what changed since is seen. */
const dedupeConcurrent = <Asked extends readonly unknown[], T>(
  read: (...asked: Asked) => Promise<T>,
): ((...asked: Asked) => Promise<T>) => {
  const underway = new Map<string, Promise<T>>();
  return (...asked) => {
    const name = JSON.stringify(asked);
    const known = underway.get(name);
    if (known !== undefined) return known;
    const reading = read(...asked);
    underway.set(name, reading);
    queueMicrotask(() => underway.delete(name));
    return reading;
  };
};

/** The runs for pages that are all redrawn at one moment: many open pages cost what one does. */
export const dedupeRunReads = (runs: Runs): Runs => ({
  ...runs,
  list: dedupeConcurrent(runs.list),
  search: dedupeConcurrent(runs.search),
  attributes: dedupeConcurrent(runs.attributes),
  get: dedupeConcurrent(runs.get),
  waitingFor: dedupeConcurrent(runs.waitingFor),
  openBesides: dedupeConcurrent(runs.openBesides),
  audit: dedupeConcurrent(runs.audit),
});
