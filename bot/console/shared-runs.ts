import type { Runs } from '../runs/port.ts';

/** What is asked for several times at one moment is read once. Nothing is kept: what changed since is seen. */
const shareAtOnce = <Asked extends readonly unknown[], T>(
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
export const shareRuns = (runs: Runs): Runs => ({
  ...runs,
  list: shareAtOnce(runs.list),
  search: shareAtOnce(runs.search),
  attributes: shareAtOnce(runs.attributes),
  get: shareAtOnce(runs.get),
  waitingFor: shareAtOnce(runs.waitingFor),
  openBesides: shareAtOnce(runs.openBesides),
  audit: shareAtOnce(runs.audit),
});
