import { nearest } from './nearest.ts';
import type { Path, Problem } from './problem.ts';
import { asMap, asTexts, type Raw, rawEnvironments } from './raw.ts';

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
    const meant = nearest(group, Object.keys(groups));
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
