import type { AttributeChange } from '../../../workflows/contract/plan.ts';
import { attributeDiff, type Difference, knownAfterApply } from './attribute-diff.ts';
import type { AttributePath, ResourceChange } from './plan-json.ts';
import { isPolicyDocument, policyWidening } from './policy-document.ts';
import { isRisky } from './risk.ts';
import { hiddenValue, toSafeText } from './safe-value.ts';

/** An attribute before its name is made fit to show: a part of its path may be data. */
export interface AttributeDraft extends Omit<AttributeChange, 'name'> {
  readonly path: AttributePath;
}

/** More than this many of one resource are counted, not listed. */
const listed = 12;

const valuesOf = (
  { path, before, after, sensitive }: Difference,
  risky: boolean,
): AttributeDraft['values'] => {
  if (sensitive) return null;
  const widening = policyWidening(before, after);
  if (widening) return widening;
  const [left, right] = [toSafeText(path, before), toSafeText(path, after)];
  if (left === null && right === null) return null;
  if (risky) return { before: left ?? hiddenValue, after: right ?? hiddenValue };
  return left === null || right === null || left === right ? null : { before: left, after: right };
};

const draft = (difference: Difference, resource: ResourceChange, creates: boolean): AttributeDraft => {
  const { path, before, after } = difference;
  const risky =
    isRisky(difference, { creates, type: resource.type }) || policyWidening(before, after) !== null;
  return { path, risky, values: valuesOf(difference, risky) };
};

const startsWith = (path: AttributePath, start: AttributePath): boolean =>
  start.every((segment, index) => path[index] === segment);

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === false;

/** A replacement's new ids tell an approver nothing, nor does a default that is written out now. */
const isNoise = (
  { before, after, path }: Difference,
  replaces: boolean,
  forced: readonly AttributePath[],
): boolean =>
  (isAbsent(before) && isAbsent(after) && (before === undefined || after === undefined)) ||
  (replaces &&
    after === knownAfterApply &&
    !isPolicyDocument(before) &&
    !forced.some((force) => startsWith(path, force)));

/**
 * The attributes of a resource that an approver should know: of a new one only what is risky, of one
 * that goes nothing, else all that differ; risky ones first, then what is known, capped.
 */
export const getAttributes = (
  resource: ResourceChange,
): { readonly attributes: readonly AttributeDraft[]; readonly more: number } => {
  const { change } = resource;
  const creates = change.before === null || change.before === undefined;
  if (change.after === null || change.after === undefined) return { attributes: [], more: 0 };
  const forced = change.replace_paths ?? [];
  const replaces = change.actions.includes('delete');
  const all = attributeDiff(change).filter((item) => !isNoise(item, replaces, forced));
  const drafts = all.map((item) => ({ item, made: draft(item, resource, creates) }));
  const rank = ({ item, made }: (typeof drafts)[number]): number =>
    made.risky
      ? 0
      : forced.some((force) => startsWith(item.path, force))
        ? 1
        : item.after === knownAfterApply
          ? 3
          : 2;
  const doors = drafts.filter(({ made }) => made.risky).map(({ item }) => item.path.slice(0, -1));
  // Of something new: what is risky, and what stands beside it in its block, such as the port of a rule.
  const tells = ({ item, made }: (typeof drafts)[number]): boolean =>
    made.risky ||
    (made.values !== null && doors.some((door) => door.length > 0 && startsWith(item.path, door)));
  const wanted = drafts.filter((entry) => !creates || tells(entry)).sort((a, b) => rank(a) - rank(b));
  return {
    attributes: wanted.slice(0, listed).map(({ made }) => made),
    more: Math.max(0, wanted.length - listed),
  };
};
