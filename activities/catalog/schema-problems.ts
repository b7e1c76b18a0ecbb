import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Path, Problem } from './problem.ts';
import { knownKeys } from './schema.ts';

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'must be text',
  object: 'must be a map of keys and values',
  record: 'must be a map of keys and values',
  array: 'must be a list',
};

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) => (value === null || value === undefined ? undefined : Reflect.get(Object(value), step)),
    data,
  );

const wordsFor = (issue: Issue, data: unknown, path: Path): string => {
  if (issue.code !== 'invalid_type') return issue.message;
  if (valueAt(data, path) === undefined) return 'is missing';
  return kinds[issue.expected] ?? issue.message;
};

/** True when an alternative was refused for what it is, not for what is in it. */
const isOtherKind = (issues: readonly Issue[]): boolean =>
  issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));

const flatten = (issue: Issue, data: unknown, base: Path): readonly Problem[] => {
  const path: Path = [...base, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const meant = nearest(key, knownKeys);
      return {
        path: [...path, key],
        message: `is not a known key${meant ? `; did you mean ${meant}?` : ''}`,
      };
    });
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((issues) => !isOtherKind(issues));
    if (meant) return meant.flatMap((inner) => flatten(inner, data, path));
  }
  return [{ path, message: wordsFor(issue, data, path) }];
};

/** What the schema found, in words. */
export const schemaProblems = (error: z.ZodError, data: unknown): readonly Problem[] =>
  error.issues.flatMap((issue) => flatten(issue, data, []));
