import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import { asMap, asTexts, type Raw } from './raw.ts';

type Needs = ReadonlyMap<string, readonly string[]>;

/** The way round from a stack back to itself, or null. */
const findCycle = (needs: Needs, start: string): readonly string[] | null => {
  const seen = new Set<string>();
  const walk = (stack: string, way: readonly string[]): readonly string[] | null => {
    if (stack === start && way.length > 0) return [...way, start];
    if (seen.has(stack)) return null;
    seen.add(stack);
    for (const next of needs.get(stack) ?? []) {
      const found = walk(next, [...way, stack]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, []);
};

/** Stacks that depend on nothing known, or on themselves by a detour. */
export const checkStacks = (raw: Raw): readonly Problem[] => {
  const stacks = asMap(raw.stacks);
  const names = Object.keys(stacks);
  const needs = new Map(
    names.map((stack) => [stack, asTexts(asMap(stacks[stack]).dependsOn).map(([name]) => name)] as const),
  );
  const unknown = names.flatMap((stack) =>
    asTexts(asMap(stacks[stack]).dependsOn)
      .filter(([name]) => !needs.has(name))
      .map(([name, index]) => {
        const meant = nearest(name, names);
        const hint = meant ? `; did you mean ${meant}?` : '';
        return { path: ['stacks', stack, 'dependsOn', index], message: `there is no stack ${name}${hint}` };
      }),
  );
  const told = new Set<string>();
  const cycles = names.flatMap((stack) => {
    if (told.has(stack)) return [];
    const cycle = findCycle(needs, stack);
    if (!cycle) return [];
    for (const member of cycle) told.add(member);
    return [{ path: ['stacks', stack, 'dependsOn'], message: `the stacks go round: ${cycle.join(' → ')}` }];
  });
  return [...unknown, ...cycles];
};
