import type { AttributeChange } from '../../../workflows/contract/plan.ts';
import { attributeDiff, type Difference, knownAfterApply } from './attribute-diff.ts';
import type { AttributePath, ResourceChange } from './plan-json.ts';
import { isPolicyDocument, policyWidening } from './policy-document.ts';
import { isRisky } from './risk.ts';
import { hiddenValue, toSafeText } from './safe-value.ts';

/** A changed attribute before redaction: a part of its path may be data. */
export interface AttributeDraft extends Omit<AttributeChange, 'name'> {
  readonly path: AttributePath;
}

/** The other attributes of a resource are counted, not listed. */
const maxAttributes = 12;

/** Both values as text; null when they may be secret. A risky attribute shows `…` for a value that may be secret. */
const getValues = (
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

const toDraft = (difference: Difference, resource: ResourceChange, creates: boolean): AttributeDraft => {
  const { path, before, after } = difference;
  const risky =
    isRisky(difference, { creates, type: resource.type }) || policyWidening(before, after) !== null;
  return { path, risky, values: getValues(difference, risky) };
};

const startsWith = (path: AttributePath, start: AttributePath): boolean =>
  start.every((segment, index) => path[index] === segment);

const isUnset = (value: unknown): boolean => value === undefined || value === null || value === false;

/** The new ids of a replacement, and a default that the provider now writes out: no news for an approver. */
const isNoise = (
  { before, after, path }: Difference,
  replaces: boolean,
  forcing: readonly AttributePath[],
): boolean =>
  (isUnset(before) && isUnset(after) && (before === undefined || after === undefined)) ||
  (replaces &&
    after === knownAfterApply &&
    !isPolicyDocument(before) &&
    !forcing.some((start) => startsWith(path, start)));

/**
 * The attributes of a resource that an approver should see: only risky ones of a new resource, none of a destroyed
 * one, else all that differ. Risky ones first, then those that force a replacement, then known values; at most 12.
 */
export const getAttributes = (
  resource: ResourceChange,
): { readonly attributes: readonly AttributeDraft[]; readonly more: number } => {
  const { change } = resource;
  const creates = change.before === null || change.before === undefined;
  if (change.after === null || change.after === undefined) return { attributes: [], more: 0 };
  const forcing = change.replace_paths ?? [];
  const replaces = change.actions.includes('delete');
  const all = attributeDiff(change).filter((item) => !isNoise(item, replaces, forcing));
  const drafts = all.map((item) => ({ item, made: toDraft(item, resource, creates) }));
  const rank = ({ item, made }: (typeof drafts)[number]): number =>
    made.risky
      ? 0
      : forcing.some((start) => startsWith(item.path, start))
        ? 1
        : item.after === knownAfterApply
          ? 3
          : 2;
  const riskyBlocks = drafts.filter(({ made }) => made.risky).map(({ item }) => item.path.slice(0, -1));
  // Of a new resource: what is risky, and its neighbors in the same block, such as the port of a firewall rule.
  const isRelevant = ({ item, made }: (typeof drafts)[number]): boolean =>
    made.risky ||
    (made.values !== null && riskyBlocks.some((block) => block.length > 0 && startsWith(item.path, block)));
  const relevant = drafts.filter((entry) => !creates || isRelevant(entry)).sort((a, b) => rank(a) - rank(b));
  return {
    attributes: relevant.slice(0, maxAttributes).map(({ made }) => made),
    more: Math.max(0, relevant.length - maxAttributes),
  };
};
