import type { AttributeChange, PlanAction, PlanChange, PlanSummary } from '../../workflows/contract/plan.ts';
import type { PolicyVerdict } from '../../workflows/contract/policy.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { pluralize, toPlainText, truncateMiddle } from '../text/plain-text.ts';
import type { ListTone, Section } from './card.ts';

const maxLines = 10;

/** The approvers of a plan that violates the policy, with their reasons. */
const overrides = ({ approval }: RunView): readonly Section[] => {
  const decision = approval?.decision;
  if (decision?.outcome !== 'approved') return [];
  const said = decision.votes.map(
    ({ by, reason }) =>
      `Overridden by ${toPlainText(by.name)}: ${truncateMiddle(reason ?? 'no reason given', 300)}`,
  );
  return said.map((text) => ({ id: 'policy', type: 'text', text }) as const);
};

const titleOf = ({ outcome }: PolicyVerdict, { status }: RunView): string => {
  if (outcome === 'hard') return 'Policy violation (cannot be overridden)';
  return status === 'awaiting_approval' ? 'Policy warning: approving requires a reason' : 'Policy warning';
};

/** The rules that the plan violates, and who approved it anyway. */
export const policySections = (view: RunView): readonly Section[] => {
  const verdict = view.policy;
  if (verdict === null || verdict.violations.length === 0) return [];
  const { outcome, violations } = verdict;
  // Violations that end the run come first.
  const sorted = [...violations].sort((a, b) => Number(b.level === 'hard') - Number(a.level === 'hard'));
  return [
    {
      id: 'policy',
      type: 'list',
      title: titleOf(verdict, view),
      tone: outcome === 'hard' ? 'bad' : 'warning',
      lines: sorted
        .slice(0, maxLines)
        .map(({ rule, message }) => `${truncateMiddle(message, 300)} (${truncateMiddle(rule, 60)})`),
      more: violations.length > maxLines ? `${violations.length - maxLines} more not listed` : null,
    },
    ...(outcome === 'soft' ? overrides(view) : []),
  ];
};

type List = Extract<Section, { type: 'list' }>;

/** Terraform says "to add" of what its plan creates. */
const toVerb = (action: PlanAction): string => (action === 'create' ? 'add' : action);

const attributeInWords = ({ name, values }: AttributeChange): string =>
  values === null
    ? truncateMiddle(name, 80)
    : `${truncateMiddle(name, 80)} ${truncateMiddle(values.before, 60)} → ${truncateMiddle(values.after, 60)}`;

const attributesInWords = (attributes: readonly AttributeChange[]): string => {
  const sorted = [...attributes].sort((a, b) => Number(b.risky) - Number(a.risky));
  const shown = sorted.slice(0, 6).map(attributeInWords).join(', ');
  return sorted.length > 6 ? `${shown} and ${sorted.length - 6} more` : shown;
};

const line = (change: PlanChange): string => {
  const parts = [truncateMiddle(change.address, 160)];
  if (change.forcedBy.length > 0) {
    const forcing = change.forcedBy.slice(0, 4).map((name) => {
      const attribute = change.attributes.find((one) => one.name === name);
      return attribute ? attributeInWords(attribute) : truncateMiddle(name, 80);
    });
    parts.push(`forced by ${forcing.join(', ')}`);
  }
  const others = change.attributes.filter(({ name }) => !change.forcedBy.includes(name));
  if (others.length > 0) parts.push(attributesInWords(others));
  if (change.note !== null) parts.push(truncateMiddle(change.note, 120));
  return parts.join(': ');
};

const isRisky = (change: PlanChange): boolean => change.attributes.some(({ risky }) => risky);

const list = (
  title: string,
  tone: ListTone,
  lines: readonly string[],
  limit: number,
  omitted = 0,
): readonly List[] => {
  const hidden = Math.max(0, lines.length - limit) + omitted;
  if (lines.length === 0 && hidden === 0) return [];
  const more = hidden > 0 ? `${pluralize(hidden, 'more', 'more')} not listed` : null;
  return [{ id: 'plan', type: 'list', title, tone, lines: lines.slice(0, limit), more }];
};

const rest = ['forget', 'change', 'import', 'move', 'create'] as const;

/** The changes of a plan, the most dangerous first, because platforms cut from the end. */
export const planSections = (plan: PlanSummary): readonly Section[] => {
  const of = (action: PlanAction) => plan.changes.filter((change) => change.action === action);
  const risky = plan.changes.filter(
    (change) => isRisky(change) && change.action !== 'destroy' && change.action !== 'replace',
  );
  const named = (action: PlanAction) => {
    const lines = of(action)
      .filter((change) => !risky.includes(change))
      .map(line);
    return list(`To ${toVerb(action)}`, 'neutral', lines, 10, plan.omitted[action]);
  };
  return [
    ...(plan.hasChanges ? [] : [{ id: 'plan', type: 'text', text: 'The plan changes nothing.' } as const]),
    ...list('To destroy', 'bad', of('destroy').map(line), 25, plan.omitted.destroy),
    ...list(
      'To replace (destroyed and created again)',
      'bad',
      of('replace').map(line),
      25,
      plan.omitted.replace,
    ),
    ...list('Changes that widen access or remove protection', 'warning', risky.map(line), 25),
    ...list(
      'Failed checks',
      'warning',
      plan.failedChecks.map((check) => truncateMiddle(check, 200)),
      10,
    ),
    ...list(
      'Changed outside Terraform',
      'warning',
      plan.drift.map((address) => truncateMiddle(address, 160)),
      10,
    ),
    ...rest.flatMap(named),
    ...list(
      'Outputs that change',
      'neutral',
      plan.outputs.map(
        ({ name, action, sensitive }) =>
          `${truncateMiddle(name, 80)}: ${action}${sensitive ? ' (sensitive)' : ''}`,
      ),
      10,
    ),
  ];
};
