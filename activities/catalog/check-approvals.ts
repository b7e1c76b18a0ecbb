import { environmentWorkflowId } from '../../workflows/contract/environment.ts';
import { toEnvironmentKey } from '../../workflows/contract/target.ts';
import { closestMatch } from './closest-match.ts';
import { namePattern } from './fields.ts';
import { asMap, asTexts, type Path, type Problem, type Raw, rawEnvironments } from './problem.ts';

const rule =
  'is no name: 1 to 40 small letters, digits, dots, dashes or underscores, a letter first, a letter or a digit last';

/** Names that could not stand in a workflow id, and pairs that would share one. */
export const checkNames = (raw: Raw): readonly Problem[] => {
  const environments = rawEnvironments(raw);
  const paths = [
    ...['services', 'stacks', 'groups'].flatMap((part) =>
      Object.keys(asMap(raw[part])).map((key) => [part, key]),
    ),
    ...environments.map(({ path }) => path),
  ];
  const bad = paths
    .filter((path) => !namePattern.test(path.at(-1) ?? ''))
    .map((path) => ({ path, message: rule }));

  const stacks = Object.keys(asMap(raw.stacks));
  const clashes = stacks
    .filter((stack) => Object.hasOwn(asMap(raw.services), stack))
    .map((stack) => ({ path: ['stacks', stack], message: 'has the name of a service; rename one of them' }));

  const holders = new Map<string, string>();
  const queues = [
    ...environments,
    ...stacks.map((stack) => ({
      ...toEnvironmentKey({ name: stack, environment: null }),
      path: ['stacks', stack],
    })),
  ];
  const shared = queues.flatMap(({ service, environment, path }) => {
    const id = environmentWorkflowId(service, environment);
    const other = holders.get(id);
    holders.set(id, other ?? `${environment} of ${service}`);
    const message = `would share the workflow id ${id} with ${other}; rename one of them`;
    return other ? [{ path, message }] : [];
  });
  return [...bad, ...clashes, ...shared];
};

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
        const meant = closestMatch(name, names);
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

const groupPrefix = 'group:';

const rules = (raw: Raw): readonly { readonly path: Path; readonly rule: Raw }[] => [
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
    unknown.push({ path: [...path, 'approvers', index], message: `there is no group ${group}${hint}` });
  }
  const required = typeof rule.required === 'number' ? rule.required : 1;
  const tooFew = unknown.length === 0 && people.size > 0 && required > people.size;
  const count = people.size === 1 ? 'only 1 person' : `only ${people.size} people`;
  return tooFew
    ? [{ path: [...path, 'required'], message: `asks for ${required} approvals, but ${count} may approve` }]
    : unknown;
};

/** A rule that was written down must never be passed over silently. */
const checkSubject = (raw: Raw): readonly Problem[] =>
  rawEnvironments(raw).flatMap(({ service, value, path }) => {
    const hasTerraform = asMap(asMap(raw.services)[service]).terraform !== undefined;
    if (hasTerraform || Object.keys(asMap(value.approval)).length === 0) return [];
    return [
      {
        path: [...path, 'approval'],
        message: `asks about a Terraform plan, and ${service} has no terraform: name its directory there, or write approval: none`,
      },
    ];
  });

/** Groups that are not there, questions about nothing, and questions that nobody could ever answer. */
export const checkApprovals = (raw: Raw): readonly Problem[] => [
  ...checkSubject(raw),
  ...rules(raw).flatMap(({ path, rule }) => checkRule(path, rule, asMap(raw.groups))),
];
