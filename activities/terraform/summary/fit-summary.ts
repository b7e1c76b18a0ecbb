import type { PlanAction, PlanChange, PlanSummary } from '../../../workflows/contract/plan.ts';

/** The limit of a summary as JSON: it must fit into the workflow's history and onto a card. */
const maxSummaryBytes = 12_000;

/** For what the summary says of omitted changes. */
const reservedBytes = 200;

const getJsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Keeps `count` attributes, and in any case all risky ones, which come first. */
const limitAttributes = (change: PlanChange, count: number): PlanChange => {
  const risky = change.attributes.filter((attribute) => attribute.risky);
  const attributes = change.attributes.slice(0, Math.max(count, risky.length));
  return attributes.length === change.attributes.length ? change : { ...change, attributes };
};

/** The first `max` elements, and "and 3 more" for the others. */
export const truncateList = (list: readonly string[], max: number): readonly string[] =>
  list.length <= max ? list : [...list.slice(0, max), `and ${list.length - max} more`];

const countOmitted = (
  totals: Readonly<Record<PlanAction, number>>,
  shown: readonly PlanChange[],
): PlanSummary['omitted'] => {
  const omitted = { ...totals };
  for (const { action } of shown) omitted[action] -= 1;
  return Object.fromEntries(Object.entries(omitted).filter(([, count]) => count > 0));
};

/**
 * Limits a summary to 12,000 bytes. Drops harmless attributes first, then changes from the end, which are the least
 * dangerous. `omitted` counts the changes that are not listed.
 */
export const fitSummary = (
  summary: Omit<PlanSummary, 'omitted'>,
  totals: Readonly<Record<PlanAction, number>>,
): PlanSummary => {
  let changes = summary.changes;
  const maxBytes = maxSummaryBytes - getJsonBytes({ ...summary, changes: [] }) - reservedBytes;
  if (getJsonBytes(changes) > maxBytes) changes = changes.map((change) => limitAttributes(change, 4));
  if (getJsonBytes(changes) > maxBytes) changes = changes.map((change) => limitAttributes(change, 1));
  let bytes = 2;
  const firstOmitted = changes.findIndex((change) => {
    bytes += getJsonBytes(change) + 1;
    return bytes > maxBytes;
  });
  if (firstOmitted !== -1) changes = changes.slice(0, firstOmitted);
  return { ...summary, changes, omitted: countOmitted(totals, changes) };
};
