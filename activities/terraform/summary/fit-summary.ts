import type { PlanAction, PlanChange, PlanSummary } from '../../../workflows/contract/plan.ts';

/** As much as a history and a card bear. */
const mostBytes = 12_000;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const onlyFirst = (change: PlanChange, count: number): PlanChange => {
  const risky = change.attributes.filter((attribute) => attribute.risky);
  const attributes = change.attributes.slice(0, Math.max(count, risky.length));
  return attributes.length === change.attributes.length ? change : { ...change, attributes };
};

/** A list with a word for what is not in it. */
export const truncateList = (list: readonly string[], most: number): readonly string[] =>
  list.length <= most ? list : [...list.slice(0, most), `and ${list.length - most} more`];

const omittedFrom = (
  totals: Readonly<Record<PlanAction, number>>,
  shown: readonly PlanChange[],
): PlanSummary['omitted'] => {
  const left = { ...totals };
  for (const { action } of shown) left[action] -= 1;
  return Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0));
};

/**
 * Makes the summary fit: first the harmless attributes of long lists go, then changes from the end,
 * which are the least dangerous. What is left out is counted.
 */
export const fitSummary = (
  summary: Omit<PlanSummary, 'omitted'>,
  totals: Readonly<Record<PlanAction, number>>,
): PlanSummary => {
  let changes = summary.changes;
  const room = mostBytes - bytesOf({ ...summary, changes: [] }) - 200;
  if (bytesOf(changes) > room) changes = changes.map((change) => onlyFirst(change, 4));
  if (bytesOf(changes) > room) changes = changes.map((change) => onlyFirst(change, 1));
  let used = 2;
  const fitting = changes.findIndex((change) => {
    used += bytesOf(change) + 1;
    return used > room;
  });
  if (fitting !== -1) changes = changes.slice(0, fitting);
  return { ...summary, changes, omitted: omittedFrom(totals, changes) };
};
