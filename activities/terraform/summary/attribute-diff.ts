import type { AttributePath, Change } from './plan-json.ts';

/** Stands for a value that Terraform knows only after apply. */
export const knownAfterApply = Symbol('known after apply');

/** One attribute that differs. A value is undefined where the attribute is absent. A list of scalars is one attribute. */
export interface Difference {
  readonly path: AttributePath;
  readonly before: unknown;
  readonly after: unknown;
  readonly sensitive: boolean;
}

interface Side {
  readonly value: unknown;
  readonly marks: unknown;
  /** `after_unknown`; undefined for the side before. */
  readonly unknown: unknown;
}

const absent: Side = { value: undefined, marks: undefined, unknown: undefined };
const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const getChild = (tree: unknown, key: string | number): unknown =>
  isContainer(tree) ? (tree as Record<string | number, unknown>)[key] : undefined;
const getPart = (side: Side, key: string | number): Side => ({
  value: getChild(side.value, key),
  marks: getChild(side.marks, key),
  unknown: getChild(side.unknown, key),
});
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
const isScalarList = (side: Side): boolean =>
  Array.isArray(side.value) &&
  !side.value.some(isContainer) &&
  !(isContainer(side.unknown) && Object.values(side.unknown).some(Boolean)) &&
  !(isContainer(side.marks) && Object.values(side.marks).some(Boolean));
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (isContainer(value) && Object.keys(value).length === 0);

/**
 * Pairs the elements of two lists. Terraform writes sets as lists in no useful order. So elements that both sides have
 * are left out, and only the remaining ones are paired in order. Each pair has the index of its `after` element.
 */
const pairElements = (before: Side, after: Side): readonly (readonly [number, Side, Side])[] => {
  const getElements = (side: Side) =>
    Array.isArray(side.value) ? side.value.map((_, index) => getPart(side, index)) : [];
  const getIdentity = (side: Side): string => JSON.stringify([side.value, side.marks ?? false]);
  const right = getElements(after);
  // Unknown elements of a set may exist only in `after_unknown`.
  const unknownLength = Array.isArray(after.unknown) ? after.unknown.length : 0;
  for (let index = right.length; index < unknownLength; index += 1) right.push(getPart(after, index));
  // How many elements of each identity `after` has that `before` has not matched yet.
  const unmatched = new Map<string, number>();
  for (const side of right) {
    if (isContainer(side.unknown) || side.unknown === true) continue;
    unmatched.set(getIdentity(side), (unmatched.get(getIdentity(side)) ?? 0) + 1);
  }
  const removed: Side[] = [];
  const matched = new Map<string, number>();
  for (const side of getElements(before)) {
    const identity = getIdentity(side);
    const count = unmatched.get(identity) ?? 0;
    if (count > 0) {
      unmatched.set(identity, count - 1);
      matched.set(identity, (matched.get(identity) ?? 0) + 1);
    } else removed.push(side);
  }
  const added: (readonly [number, Side])[] = [];
  right.forEach((side, index) => {
    const count = matched.get(getIdentity(side)) ?? 0;
    if (count > 0) matched.set(getIdentity(side), count - 1);
    else added.push([index, side]);
  });
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, at) => [
    added[at]?.[0] ?? at,
    removed[at] ?? absent,
    added[at]?.[1] ?? absent,
  ]);
};

/** Compares two sides, and adds their differences to `found`. */
const walk = (path: AttributePath, before: Side, after: Side, found: Difference[]): void => {
  if (after.unknown === true) {
    const sensitive = before.marks === true || after.marks === true;
    found.push({ path, before: before.value, after: knownAfterApply, sensitive });
    return;
  }
  if (before.marks === true || after.marks === true) {
    if (!isSame(before.value, after.value))
      found.push({ path, before: before.value, after: after.value, sensitive: true });
    return;
  }
  const [left, right] = [before.value, after.value];
  if (isSame(left, right) && !isContainer(after.unknown)) return;
  if (isEmpty(left) && isEmpty(right) && !isContainer(after.unknown)) return;
  const hasList = [left, right].some(Array.isArray);
  if (hasList && [before, after].every((side) => isEmpty(side.value) || isScalarList(side))) {
    if (!isContainer(after.unknown) || isScalarList(after)) {
      found.push({ path, before: left, after: right, sensitive: false });
      return;
    }
  }
  if ([left, right].every((side) => side === undefined || side === null || Array.isArray(side)) && hasList) {
    for (const [index, removed, added] of pairElements(before, after))
      walk([...path, index], removed, added, found);
    return;
  }
  const hasScalar = [left, right].some((side) => !isContainer(side) && side !== undefined && side !== null);
  if (hasList || hasScalar) {
    found.push({ path, before: left, after: right, sensitive: [before, after].some(hasMarkInside) });
    return;
  }
  const keys = new Set(
    [left, right, after.unknown].flatMap((side) => (isContainer(side) ? Object.keys(side) : [])),
  );
  for (const key of keys) walk([...path, key], getPart(before, key), getPart(after, key), found);
};

const hasMarkInside = ({ marks }: Side): boolean =>
  isContainer(marks) && JSON.stringify(marks).includes('true');

/** Every attribute that differs between the two sides of a change, with both values. */
export const attributeDiff = (change: Change): readonly Difference[] => {
  const found: Difference[] = [];
  const before = { value: change.before, marks: change.before_sensitive, unknown: undefined };
  const after = { value: change.after, marks: change.after_sensitive, unknown: change.after_unknown };
  walk([], before, after, found);
  return found;
};
