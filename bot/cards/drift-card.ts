import type { DriftChange, DriftReport } from '../../workflows/contract/drift.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import { toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { formatTime } from '../text/time.ts';
import type { Button, Card, Section } from './card.ts';
import { planSections } from './plan-sections.ts';

type DriftMessage = Pick<Card, 'title' | 'tone'> & {
  readonly said: string;
  readonly sections: readonly Section[];
};

const draw = (what: string, news: DriftChange): DriftMessage => {
  switch (news.kind) {
    case 'appeared':
    case 'changed': {
      const again =
        news.kind === 'changed'
          ? 'The drift is another one than before'
          : 'What is there is not what the code says';
      return {
        title: `Drift: ${what}`,
        tone: 'warning',
        said: `${again}: ${describeCounts(news.summary.counts)}.`,
        sections: planSections(news.summary),
      };
    }
    case 'gone':
      return {
        title: `No more drift: ${what}`,
        tone: 'good',
        said: 'What is there is what the code says again.',
        sections: [],
      };
    case 'works_again':
      return {
        title: `Drift is looked for again: ${what}`,
        tone: 'good',
        said: 'The look that had failed works again; there is nothing new.',
        sections: [],
      };
    case 'failed':
      return {
        title: `Drift could not be looked for: ${what}`,
        tone: 'bad',
        said: `${truncateMiddle(news.message, 600)}.`.replace(/\.\.$/, '.'),
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
    title: 'Plan this stack?',
    text: 'It is planned anew, and asks for approval where the catalog or the policy says so.',
  },
});

/** News of a stack's drift, with a way to put it right. */
export const driftCard = ({ workflowId, stack, at, news }: DriftReport): Card => {
  const { title, tone, said, sections } = draw(`stack ${truncateMiddle(stack, 60)}`, news);
  const canMend = news.kind === 'appeared' || news.kind === 'changed';
  return {
    kind: 'notice',
    title,
    tone,
    summary: `${title}. ${said}`,
    fields: [],
    sections: [{ id: 'status', type: 'text', text: said, strong: true }, ...sections],
    buttons: canMend ? [provision(stack)] : [],
    footer: `${truncateMiddle(workflowId, 120)}, ${formatTime(at)}`,
  };
};
