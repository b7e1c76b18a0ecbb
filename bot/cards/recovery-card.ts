import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { truncateMiddle } from '../text/plain-text.ts';
import { describeSubject, runNoun, shortId } from '../text/run-name.ts';
import { describeStatus } from '../text/run-text.ts';
import { formatTime } from '../text/time.ts';
import type { Card, Field } from './card.ts';
import type { LiveRun } from './listed-run.ts';
import { type CardLinks, runUrl } from './run-buttons.ts';

const when = ({ endedAt, askedAt }: RunView): string => formatTime(endedAt ?? askedAt);

const outcomes: Partial<Record<RunStatus, string>> = {
  failed: 'failed',
  denied: 'was denied',
  expired: 'expired',
  cancelled: 'was cancelled',
};

const outcome = ({ view }: LiveRun): string => outcomes[view.status] ?? 'was ended from outside';

const field = (label: string, value: string, { workflowId }: RunView, { publicUrl }: CardLinks): Field => ({
  label,
  value,
  ...(publicUrl === null ? {} : { url: runUrl(publicUrl, workflowId) }),
});

/** Told where a failure was told: which run has succeeded since, and after what. */
export const recoveryCard = (succeeded: LiveRun, failed: LiveRun, links: CardLinks): Card => {
  const { view } = succeeded;
  const what = describeSubject(view);
  const who = truncateMiddle(view.requestedBy.name, 40);
  const [id, before] = [shortId(view.workflowId), shortId(failed.view.workflowId)];
  const said = `The ${runNoun(view)} ${id}, asked by ${who}, succeeded after ${before} ${outcome(failed)} on ${when(failed.view)}.`;
  return {
    kind: 'notice',
    title: `Recovered: ${what}`,
    tone: 'good',
    summary: `Recovered: ${what}. ${said}`,
    fields: [
      field(
        'Succeeded',
        `${id}, ${when(view)}: ${truncateMiddle(describeStatus(succeeded), 200)}`,
        view,
        links,
      ),
      { label: 'Asked by', value: who },
      field(
        'Before that',
        `${before}, ${when(failed.view)}: ${truncateMiddle(describeStatus(failed), 200)}`,
        failed.view,
        links,
      ),
    ],
    sections: [{ id: 'status', type: 'text', text: said, strong: true }],
    buttons:
      links.publicUrl === null
        ? []
        : [{ kind: 'link', label: 'Details', url: runUrl(links.publicUrl, view.workflowId) }],
    footer: null,
  };
};
