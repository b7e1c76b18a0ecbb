import { checkApprovals } from './check-approvals.ts';
import { checkNames } from './check-names.ts';
import { checkStacks } from './check-stacks.ts';
import { CatalogError, type Problem } from './problem.ts';
import { asMap, type Raw } from './raw.ts';
import { readYaml } from './read-yaml.ts';
import { type CatalogFile, catalogSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';

/** A file that an editor has just emptied must not pass for a catalog without services. */
const checkNotEmpty = (raw: Raw): readonly Problem[] =>
  raw.services === undefined && raw.stacks === undefined
    ? [{ path: [], message: 'the catalog names no services and no stacks' }]
    : [];

/** What concerns more than one place of the catalog. It looks at what was written, right or wrong. */
const crossChecks = (raw: Raw): readonly Problem[] => [
  ...checkNotEmpty(raw),
  ...checkNames(raw),
  ...checkApprovals(raw),
  ...checkStacks(raw),
];

/** Reads a catalog's text; throws `CatalogError` with every problem and its line. */
export const parseCatalog = (text: string, file: string): CatalogFile => {
  const yaml = readYaml(text);
  const readable = yaml.data !== undefined;
  const parsed = readable ? catalogSchema.safeParse(yaml.data) : null;
  const problems: readonly Problem[] = [
    ...yaml.problems,
    ...(parsed?.error ? schemaProblems(parsed.error, yaml.data) : []),
    ...(readable ? crossChecks(asMap(yaml.data)) : []),
  ];
  if (parsed?.success && problems.length === 0) return parsed.data;

  const told = problems
    .map((problem) => ({ ...problem, line: problem.line ?? yaml.lineOf(problem.path) }))
    .sort((one, other) => one.line - other.line)
    .map(({ line, path, message }) => {
      const where = path.length > 0 ? `${path.join('.')} ` : '';
      return `line ${line}: ${where}${message}`;
    });
  throw new CatalogError(file, [...new Set(told)]);
};
