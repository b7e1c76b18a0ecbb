import type { z } from 'zod';
import { closestMatch } from './closest-match.ts';
import { crossCheck } from './cross-checks.ts';
import { asMap, CatalogError, type Path, type Problem } from './raw-catalog.ts';
import { readYaml } from './read-yaml.ts';
import { type CatalogFile, catalogSchema, knownKeys } from './schema.ts';

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

const describeIssue = (issue: Issue, data: unknown, path: Path): string => {
  if (issue.code !== 'invalid_type') return issue.message;
  if (valueAt(data, path) === undefined) return 'is missing';
  return kinds[issue.expected] ?? issue.message;
};

/** Whether a union's alternative failed because of the value's type, not because of its content. */
const isOtherKind = (issues: readonly Issue[]): boolean =>
  issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));

const flatten = (issue: Issue, data: unknown, base: Path): readonly Problem[] => {
  const path: Path = [...base, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const meant = closestMatch(key, knownKeys);
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
  return [{ path, message: describeIssue(issue, data, path) }];
};

/** The schema's findings as problems. */
const schemaProblems = (error: z.ZodError, data: unknown): readonly Problem[] =>
  error.issues.flatMap((issue) => flatten(issue, data, []));

/**
 * Reads a catalog's text. `file` is its path, for errors.
 * @throws CatalogError with every problem and its line.
 */
export const parseCatalog = (text: string, file: string): CatalogFile => {
  const yaml = readYaml(text);
  const readable = yaml.data !== undefined;
  const parsed = readable ? catalogSchema.safeParse(yaml.data) : null;
  const problems: readonly Problem[] = [
    ...yaml.problems,
    ...(parsed?.error ? schemaProblems(parsed.error, yaml.data) : []),
    ...(readable ? crossCheck(asMap(yaml.data)) : []),
  ];
  if (parsed?.success && problems.length === 0) return parsed.data;

  const lines = problems
    .map((problem) => ({ ...problem, line: problem.line ?? yaml.lineOf(problem.path) }))
    .sort((one, other) => one.line - other.line)
    .map(({ line, path, message }) => {
      const where = path.length > 0 ? `${path.join('.')} ` : '';
      return `line ${line}: ${where}${message}`;
    });
  throw new CatalogError(file, [...new Set(lines)]);
};
