import type { RunView } from '../../workflows/contract/run-view.ts';
import { toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { shortId } from '../text/run-name.ts';
import { describeStatus, getRunTone, isOver } from '../text/run-text.ts';
import { formatDuration, formatTime } from '../text/time.ts';
import type { Card, Field } from './card.ts';
import type { LiveRun } from './listed-run.ts';
import { type CardLinks, runButtons } from './run-buttons.ts';
import { runSections } from './run-sections.ts';

const commit = ({ commit: found }: RunView): readonly Field[] =>
  found === null
    ? []
    : [
        {
          label: 'Commit',
          value: `${found.sha.slice(0, 7)} ${truncateMiddle(found.subject, 80)} (${truncateMiddle(found.author, 40)})`,
        },
      ];

const approvals = (run: LiveRun): readonly Field[] => {
  const { approval } = run.view;
  if (approval === null) return [];
  const names = approval.votes.map(({ by }) => toPlainText(by.name)).join(', ');
  const given = `${approval.votes.length} of ${approval.required}${names === '' ? '' : `: ${names}`}`;
  const open = approval.decision === null && !isOver(run);
  return [
    { label: 'Approvals', value: truncateMiddle(given, 200) },
    ...(open
      ? [
          {
            label: 'Expires',
            value: `${formatTime(approval.expiresAt)}, ${formatDuration(approval.expiresAt - approval.askedAt)} after the request`,
          },
        ]
      : []),
  ];
};

const retry = (run: LiveRun): readonly Field[] =>
  run.view.status === 'failed' && run.view.retryUntil !== null && run.externalEnd === null
    ? [{ label: 'Retry until', value: formatTime(run.view.retryUntil) }]
    : [];

const fields = (run: LiveRun): readonly Field[] => {
  const { view } = run;
  return [
    { label: 'Requested by', value: truncateMiddle(view.requestedBy.name, 80) },
    ...(view.ref === null ? [] : [{ label: 'Ref', value: truncateMiddle(view.ref, 80) }]),
    ...commit(view),
    ...approvals(run),
    ...retry(run),
    ...(view.image === null ? [] : [{ label: 'Image', value: truncateMiddle(view.image, 120) }]),
  ];
};

const footer = ({ workflowId, requestedBy, askedAt, endedAt, force }: RunView): string =>
  [
    shortId(workflowId),
    `requested by ${truncateMiddle(requestedBy.name, 40)} on ${formatTime(askedAt)}`,
    ...(force ? ['forced'] : []),
    ...(endedAt === null ? [] : [`took ${formatDuration(endedAt - askedAt)}`]),
  ].join(' · ');

/** "Deploy web to production", "Provision network". */
export const runTitle = ({ kind, name, environment }: RunView): string => {
  const what = truncateMiddle(name, 60);
  if (kind === 'provision') return `Provision ${what}`;
  return kind === 'destroy'
    ? `Destroy ${what}`
    : `Deploy ${what} to ${truncateMiddle(environment ?? '', 60)}`;
};

/** The card of a run: what an approver must see comes first, then the progress, then the small print. */
export const runCard = (run: LiveRun, links: CardLinks): Card => {
  const status = describeStatus(run);
  return {
    kind: 'run',
    run: { workflowId: run.view.workflowId, status: run.view.status, isOpen: !isOver(run) },
    title: runTitle(run.view),
    tone: getRunTone(run),
    summary: `${runTitle(run.view)}: ${status}`,
    fields: fields(run),
    sections: [{ id: 'status', type: 'text', text: status, strong: true }, ...runSections(run)],
    buttons: runButtons(run, links),
    footer: footer(run.view),
  };
};
