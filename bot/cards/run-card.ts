import type { RunView } from '../../workflows/contract/run-view.ts';
import type { Card, Field } from './card.ts';
import type { LiveRun } from './live-run.ts';
import { plain, shorten } from './plain.ts';
import { type CardLinks, runButtons } from './run-buttons.ts';
import { runSections } from './run-sections.ts';
import { isOver, statusInWords, toneOf } from './run-words.ts';
import { shortId } from './short-id.ts';
import { absoluteTime, duration } from './time.ts';

const commit = ({ commit: found }: RunView): readonly Field[] =>
  found === null
    ? []
    : [
        {
          label: 'Commit',
          value: `${found.sha.slice(0, 7)} ${shorten(found.subject, 80)} (${shorten(found.author, 40)})`,
        },
      ];

const approvals = (run: LiveRun): readonly Field[] => {
  const { approval } = run.view;
  if (approval === null) return [];
  const names = approval.votes.map(({ by }) => plain(by.name)).join(', ');
  const given = `${approval.votes.length} of ${approval.required}${names === '' ? '' : `: ${names}`}`;
  const open = approval.decision === null && !isOver(run);
  return [
    { label: 'Approvals', value: shorten(given, 200) },
    ...(open
      ? [
          {
            label: 'Expires',
            value: `${absoluteTime(approval.expiresAt)}, ${duration(approval.expiresAt - approval.askedAt)} after it was asked`,
          },
        ]
      : []),
  ];
};

const retry = (run: LiveRun): readonly Field[] =>
  run.view.status === 'failed' && run.view.retryUntil !== null && run.endedOutside === null
    ? [{ label: 'Can be retried until', value: absoluteTime(run.view.retryUntil) }]
    : [];

const fields = (run: LiveRun): readonly Field[] => {
  const { view } = run;
  return [
    { label: 'Asked by', value: shorten(view.requestedBy.name, 80) },
    ...(view.ref === null ? [] : [{ label: 'Ref', value: shorten(view.ref, 80) }]),
    ...commit(view),
    ...approvals(run),
    ...retry(run),
    ...(view.image === null ? [] : [{ label: 'Image', value: shorten(view.image, 120) }]),
  ];
};

const footer = ({ workflowId, requestedBy, askedAt, endedAt, force }: RunView): string =>
  [
    shortId(workflowId),
    `asked by ${shorten(requestedBy.name, 40)} on ${absoluteTime(askedAt)}`,
    ...(force ? ['forced'] : []),
    ...(endedAt === null ? [] : [`took ${duration(endedAt - askedAt)}`]),
  ].join(' · ');

/** "Deploy web to production", "Provision network": the same on every card, page and list. */
export const runTitle = ({ kind, service, environment }: RunView): string => {
  const what = shorten(service, 60);
  if (kind === 'provision') return `Provision ${what}`;
  return kind === 'destroy' ? `Destroy ${what}` : `Deploy ${what} to ${shorten(environment, 60)}`;
};

/** The one card of a run: what an approver must see first, then how it is going, then the small print. */
export const runCard = (run: LiveRun, links: CardLinks): Card => {
  const status = statusInWords(run);
  return {
    title: runTitle(run.view),
    tone: toneOf(run),
    summary: `${runTitle(run.view)}: ${status}`,
    fields: fields(run),
    sections: [{ type: 'text', text: status, strong: true }, ...runSections(run)],
    buttons: runButtons(run, links),
    footer: footer(run.view),
  };
};
