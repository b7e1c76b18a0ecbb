import { environmentWorkflowId } from '../../workflows/contract/environment.ts';
import { toEnvironmentKey } from '../../workflows/contract/target.ts';
import { closestMatch } from './closest-match.ts';
import { namePattern } from './name-patterns.ts';
import { asMap, asTexts, type Path, type Problem, type Raw, rawEnvironments } from './raw-catalog.ts';

const invalidName =
  'is an invalid name: use 1-40 lowercase letters, digits, `.`, `-`, `_`; start with a letter, end with a letter or digit';

/** Names that are invalid in a workflow id, and pairs that would share one. */
const checkNames = (raw: Raw): readonly Problem[] => {
  const environments = rawEnvironments(raw);
  const paths = [
    ...['services', 'stacks', 'groups'].flatMap((part) =>
      Object.keys(asMap(raw[part])).map((key) => [part, key]),
    ),
    ...environments.map(({ path }) => path),
  ];
  const invalid = paths
    .filter((path) => !namePattern.test(path.at(-1) ?? ''))
    .map((path) => ({ path, message: invalidName }));

  const stacks = Object.keys(asMap(raw.stacks));
  const clashes = stacks
    .filter((stack) => Object.hasOwn(asMap(raw.services), stack))
    .map((stack) => ({ path: ['stacks', stack], message: 'has the name of a service; rename one of them' }));

  const owners = new Map<string, string>();
  const locks = [
    ...environments,
    ...stacks.map((stack) => ({
      ...toEnvironmentKey({ name: stack, environment: null }),
      path: ['stacks', stack],
    })),
  ];
  const shared = locks.flatMap(({ service, environment, path }) => {
    const id = environmentWorkflowId(service, environment);
    const other = owners.get(id);
    owners.set(id, other ?? `${environment} of ${service}`);
    const message = `would share the workflow id ${id} with ${other}; rename one of them`;
    return other ? [{ path, message }] : [];
  });
  return [...invalid, ...clashes, ...shared];
};

type Dependencies = ReadonlyMap<string, readonly string[]>;

/** The path from a stack back to itself, or null. */
const findCycle = (dependencies: Dependencies, start: string): readonly string[] | null => {
  const seen = new Set<string>();
  const walk = (stack: string, path: readonly string[]): readonly string[] | null => {
    if (stack === start && path.length > 0) return [...path, start];
    if (seen.has(stack)) return null;
    seen.add(stack);
    for (const next of dependencies.get(stack) ?? []) {
      const found = walk(next, [...path, stack]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, []);
};

/** Stacks that depend on an unknown stack or, directly or not, on themselves. */
const checkStacks = (raw: Raw): readonly Problem[] => {
  const stacks = asMap(raw.stacks);
  const names = Object.keys(stacks);
  const dependencies = new Map(
    names.map((stack) => [stack, asTexts(asMap(stacks[stack]).dependsOn).map(([name]) => name)] as const),
  );
  const unknown = names.flatMap((stack) =>
    asTexts(asMap(stacks[stack]).dependsOn)
      .filter(([name]) => !dependencies.has(name))
      .map(([name, index]) => {
        const meant = closestMatch(name, names);
        const hint = meant ? `; did you mean ${meant}?` : '';
        return { path: ['stacks', stack, 'dependsOn', index], message: `unknown stack ${name}${hint}` };
      }),
  );
  const reported = new Set<string>();
  const cycles = names.flatMap((stack) => {
    if (reported.has(stack)) return [];
    const cycle = findCycle(dependencies, stack);
    if (!cycle) return [];
    for (const member of cycle) reported.add(member);
    return [{ path: ['stacks', stack, 'dependsOn'], message: `dependency cycle: ${cycle.join(' → ')}` }];
  });
  return [...unknown, ...cycles];
};

const groupPrefix = 'group:';

const listRules = (raw: Raw): readonly { readonly path: Path; readonly rule: Raw }[] => [
  ...rawEnvironments(raw).map(({ path, value }) => ({
    path: [...path, 'approval'],
    rule: asMap(value.approval),
  })),
  ...Object.entries(asMap(raw.stacks)).map(([stack, value]) => ({
    path: ['stacks', stack, 'approval'],
    rule: asMap(asMap(value).approval),
  })),
];

const checkRule = (path: Path, rule: Raw, groups: Raw): readonly Problem[] => {
  const people = new Set<string>();
  const unknown: Problem[] = [];
  for (const [written, index] of asTexts(rule.approvers)) {
    const approver = written.toLowerCase();
    if (!approver.startsWith(groupPrefix)) {
      people.add(approver);
      continue;
    }
    const group = approver.slice(groupPrefix.length);
    if (Object.hasOwn(groups, group)) {
      for (const [person] of asTexts(groups[group])) people.add(person.toLowerCase());
      continue;
    }
    const meant = closestMatch(group, Object.keys(groups));
    const hint = meant ? `; did you mean ${groupPrefix}${meant}?` : '';
    unknown.push({ path: [...path, 'approvers', index], message: `unknown group ${group}${hint}` });
  }
  const required = typeof rule.required === 'number' ? rule.required : 1;
  const tooFew = unknown.length === 0 && people.size > 0 && required > people.size;
  const count = people.size === 1 ? 'only 1 person' : `only ${people.size} people`;
  return tooFew
    ? [{ path: [...path, 'required'], message: `requires ${required} approvals, but ${count} may approve` }]
    : unknown;
};

/** An approval rule without a Terraform plan to approve would have no effect. */
const checkSubject = (raw: Raw): readonly Problem[] =>
  rawEnvironments(raw).flatMap(({ service, value, path }) => {
    const hasTerraform = asMap(asMap(raw.services)[service]).terraform !== undefined;
    if (hasTerraform || Object.keys(asMap(value.approval)).length === 0) return [];
    return [
      {
        path: [...path, 'approval'],
        message: `has no effect, because ${service} has no Terraform code: set terraform to its directory, or write approval: none`,
      },
    ];
  });

/** Unknown groups, rules without a plan, and rules with fewer approvers than required approvals. */
const checkApprovals = (raw: Raw): readonly Problem[] => [
  ...checkSubject(raw),
  ...listRules(raw).flatMap(({ path, rule }) => checkRule(path, rule, asMap(raw.groups))),
];

/** An editor may save an empty file; it must not count as a catalog without services. */
const checkNotEmpty = (raw: Raw): readonly Problem[] =>
  raw.services === undefined && raw.stacks === undefined
    ? [{ path: [], message: 'the catalog names no services and no stacks' }]
    : [];

/** All checks that concern more than one place of the catalog. They read it as written, valid or not. */
export const crossCheck = (raw: Raw): readonly Problem[] => [
  ...checkNotEmpty(raw),
  ...checkNames(raw),
  ...checkApprovals(raw),
  ...checkStacks(raw),
];
