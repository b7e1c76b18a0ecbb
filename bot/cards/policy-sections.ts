import type { PolicyVerdict } from '../../workflows/contract/policy.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { toPlainText, truncateMiddle } from '../text/plain-text.ts';
import type { Section } from './card.ts';

const maxLines = 10;

/** Who approved a plan that the policy objects to, each with the reason. */
const overriding = ({ approval }: RunView): readonly Section[] => {
  const decision = approval?.decision;
  if (decision?.outcome !== 'approved') return [];
  const said = decision.votes.map(
    ({ by, reason }) =>
      `Overridden by ${toPlainText(by.name)}: ${truncateMiddle(reason ?? 'no reason given', 300)}`,
  );
  return said.map((text) => ({ id: 'policy', type: 'text', text }) as const);
};

const titleOf = ({ outcome }: PolicyVerdict, { status }: RunView): string => {
  if (outcome === 'hard') return 'The policy forbids this; nobody can override it';
  return status === 'awaiting_approval'
    ? 'The policy objects: whoever approves must say why'
    : 'The policy objects';
};

/** Each rule that the plan violates, in words, and who went against it. */
export const policySections = (view: RunView): readonly Section[] => {
  const verdict = view.policy;
  if (verdict === null || verdict.violations.length === 0) return [];
  const { outcome, violations } = verdict;
  // What ends the run comes before what a person might have overridden.
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
      more: violations.length > maxLines ? `${violations.length - maxLines} more not listed here` : null,
    },
    ...(outcome === 'soft' ? overriding(view) : []),
  ];
};
