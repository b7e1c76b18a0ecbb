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

const outcome = ({ view }: LiveRun): string => outcomes[view.status] ?? 'was terminated in Temporal';

const field = (label: string, value: string, { workflowId }: RunView, { publicUrl }: CardLinks): Field => ({
  label,
  value,
  ...(publicUrl === null ? {} : { url: runUrl(publicUrl, workflowId) }),
});

/** A notification where a failure was shown: the run that succeeded since, and the failure before it. */
export const recoveryCard = (succeeded: LiveRun, failed: LiveRun, links: CardLinks): Card => {
  const { view } = succeeded;
  const what = describeSubject(view);
  const who = truncateMiddle(view.requestedBy.name, 40);
  const [id, before] = [shortId(view.workflowId), shortId(failed.view.workflowId)];
  const text = `The ${runNoun(view)} ${id}, requested by ${who}, succeeded after ${before} ${outcome(failed)} on ${when(failed.view)}.`;
  return {
    kind: 'notice',
    title: `Recovered: ${what}`,
    tone: 'good',
    summary: `Recovered: ${what}. ${text}`,
    fields: [
      field(
        'Succeeded',
        `${id}, ${when(view)}: ${truncateMiddle(describeStatus(succeeded), 200)}`,
        view,
        links,
      ),
      { label: 'Requested by', value: who },
      field(
        'Previous failure',
        `${before}, ${when(failed.view)}: ${truncateMiddle(describeStatus(failed), 200)}`,
        failed.view,
        links,
      ),
    ],
    sections: [{ id: 'status', type: 'text', text, strong: true }],
    buttons:
      links.publicUrl === null
        ? []
        : [{ kind: 'link', label: 'Details', url: runUrl(links.publicUrl, view.workflowId) }],
    footer: null,
  };
};
