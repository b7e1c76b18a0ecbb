import type { AttributePath, Change } from './plan-json.ts';

/** Stands for a value that Terraform knows only after apply. */
export const knownAfterApply = Symbol('known after apply');

/** One attribute that differs; a value is undefined where the attribute does not exist. A list of scalars is one attribute. */
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
const part = (tree: unknown, key: string | number): unknown =>
  isContainer(tree) ? (tree as Record<string | number, unknown>)[key] : undefined;
const getPart = (side: Side, key: string | number): Side => ({
  value: part(side.value, key),
  marks: part(side.marks, key),
  unknown: part(side.unknown, key),
});
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
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
 * Pairs the elements of two lists. Terraform writes sets as lists in no useful order, so elements that both sides have
 * are removed, and the remaining ones are paired in order.
 */
const pairs = (before: Side, after: Side): readonly (readonly [number, Side, Side])[] => {
  const elements = (side: Side) =>
    Array.isArray(side.value) ? side.value.map((_, index) => getPart(side, index)) : [];
  // Unknown elements of a set may exist only in `after_unknown`.
  const extra = Array.isArray(after.unknown) ? after.unknown.length : 0;
  const right = elements(after);
  for (let index = right.length; index < extra; index += 1) right.push(getPart(after, index));
  const rest = new Map<string, number>();
  const identity = (side: Side): string => JSON.stringify([side.value, side.marks ?? false]);
  const left = elements(before);
  for (const side of right) {
    if (!isContainer(side.unknown) && side.unknown !== true)
      rest.set(identity(side), (rest.get(identity(side)) ?? 0) + 1);
  }
  const gone: Side[] = [];
  const kept = new Map<string, number>();
  for (const side of left) {
    const id = identity(side);
    const count = rest.get(id) ?? 0;
    if (count > 0) {
      rest.set(id, count - 1);
      kept.set(id, (kept.get(id) ?? 0) + 1);
    } else gone.push(side);
  }
  const come: (readonly [number, Side])[] = [];
  right.forEach((side, index) => {
    const count = kept.get(identity(side)) ?? 0;
    if (count > 0) kept.set(identity(side), count - 1);
    else come.push([index, side]);
  });
  const length = Math.max(gone.length, come.length);
  return Array.from({ length }, (_, at) => [
    come[at]?.[0] ?? at,
    gone[at] ?? absent,
    come[at]?.[1] ?? absent,
  ]);
};

const walk = (path: AttributePath, before: Side, after: Side, found: Difference[]): void => {
  if (after.unknown === true) {
    const sensitive = before.marks === true || after.marks === true;
    found.push({ path, before: before.value, after: knownAfterApply, sensitive });
    return;
  }
  if (before.marks === true || after.marks === true) {
    if (!same(before.value, after.value))
      found.push({ path, before: before.value, after: after.value, sensitive: true });
    return;
  }
  const left = before.value;
  const right = after.value;
  if (same(left, right) && !isContainer(after.unknown)) return;
  if (isEmpty(left) && isEmpty(right) && !isContainer(after.unknown)) return;
  const lists = [left, right].some(Array.isArray);
  if (lists && [before, after].every((side) => isEmpty(side.value) || isScalarList(side))) {
    if (!isContainer(after.unknown) || isScalarList(after)) {
      found.push({ path, before: left, after: right, sensitive: false });
      return;
    }
  }
  if ([left, right].every((side) => side === undefined || side === null || Array.isArray(side)) && lists) {
    for (const [index, one, other] of pairs(before, after)) walk([...path, index], one, other, found);
    return;
  }
  const mixed = [left, right].some((side) => !isContainer(side) && side !== undefined && side !== null);
  if (lists || mixed) {
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
