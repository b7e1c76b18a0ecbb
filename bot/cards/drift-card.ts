import type { DriftChange, DriftReport } from '../../workflows/contract/drift.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import { toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { formatTime } from '../text/time.ts';
import type { Button, Card, Section } from './card.ts';
import { planSections } from './plan-sections.ts';

type DriftMessage = Pick<Card, 'title' | 'tone'> & {
  readonly text: string;
  readonly sections: readonly Section[];
};

const draw = (what: string, news: DriftChange): DriftMessage => {
  switch (news.kind) {
    case 'appeared':
    case 'changed': {
      const change =
        news.kind === 'changed' ? 'The drift has changed' : 'Infrastructure no longer matches the code';
      return {
        title: `Drift: ${what}`,
        tone: 'warning',
        text: `${change}: ${describeCounts(news.summary.counts)}.`,
        sections: planSections(news.summary),
      };
    }
    case 'gone':
      return {
        title: `Drift resolved: ${what}`,
        tone: 'good',
        text: 'Infrastructure matches the code again.',
        sections: [],
      };
    case 'works_again':
      return {
        title: `Drift check recovered: ${what}`,
        tone: 'good',
        text: 'The last check succeeded and found no new drift.',
        sections: [],
      };
    case 'failed':
      return {
        title: `Drift check failed: ${what}`,
        tone: 'bad',
        text: `${truncateMiddle(news.message, 600)}.`.replace(/\.\.$/, '.'),
        sections: news.hint === null ? [] : [{ type: 'text', text: toPlainText(news.hint) }],
      };
    default:
      return news satisfies never;
  }
};

const provision = (stack: string): Button => ({
  kind: 'command',
  action: 'start',
  label: `Provision ${truncateMiddle(stack, 40)}`,
  tone: 'neutral',
  command: 'provision',
  args: stack,
  confirm: {
    title: 'Provision this stack?',
    text: 'This starts a new run. The catalog and the policy decide whether it needs approval.',
  },
});

/** A change in a stack's drift, with a button to provision the stack. */
export const driftCard = ({ workflowId, stack, at, news }: DriftReport): Card => {
  const { title, tone, text, sections } = draw(`stack ${truncateMiddle(stack, 60)}`, news);
  const canProvision = news.kind === 'appeared' || news.kind === 'changed';
  return {
    kind: 'notice',
    title,
    tone,
    summary: `${title}. ${text}`,
    fields: [],
    sections: [{ id: 'status', type: 'text', text, strong: true }, ...sections],
    buttons: canProvision ? [provision(stack)] : [],
    footer: `${truncateMiddle(workflowId, 120)}, ${formatTime(at)}`,
  };
};
