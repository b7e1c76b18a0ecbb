import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import { hasEnded } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { StageName, StageView } from '../../workflows/contract/stage.ts';
import { pluralize, truncateMiddle } from '../text/plain-text.ts';
import { stageLabels } from '../text/run-text.ts';
import { formatDuration, formatTime } from '../text/time.ts';
import type { CardStage, Section } from './card.ts';
import type { LiveRun } from './listed-run.ts';
import { planSections, policySections as policy } from './plan-sections.ts';

const stageDetail = (stage: StageView, run: LiveRun): string | null => {
  const progress = run.live[stage.name];
  if (stage.state === 'running')
    return progress?.done != null && progress.total != null ? `${progress.done}/${progress.total}` : null;
  const took =
    stage.startedAt !== null && stage.endedAt !== null && stage.endedAt - stage.startedAt >= 1000
      ? formatDuration(stage.endedAt - stage.startedAt)
      : null;
  const detail = stage.detail === null ? null : truncateMiddle(stage.detail, 120);
  return [detail, took].filter((part) => part !== null).join(', ') || null;
};

const stages = (run: LiveRun): readonly Section[] => {
  const listed = run.view.stages.filter(({ name }) => name !== 'notify_users');
  const drawn: CardStage[] = listed.map((stage) => ({
    label:
      stage.attempt > 1 ? `${stageLabels[stage.name]} (attempt ${stage.attempt})` : stageLabels[stage.name],
    state: run.externalEnd !== null && stage.state === 'running' ? 'cancelled' : stage.state,
    detail: stageDetail(stage, run),
  }));
  return drawn.length > 0 ? [{ type: 'stages', stages: drawn }] : [];
};

const lastLines = (stage: StageName, tail: readonly string[]): readonly Section[] =>
  tail.length === 0
    ? []
    : [
        {
          type: 'log',
          title: `Last log lines of “${stageLabels[stage]}”`,
          lines: tail.slice(-15).map((line) => truncateMiddle(line, 200)),
        },
      ];

/** The stages that were running when the run was stopped. */
const stoppedAt = (run: LiveRun): readonly Section[] => {
  const { view, externalEnd } = run;
  if (externalEnd === null ? view.status !== 'cancelled' : hasEnded(view.status)) return [];
  const state = externalEnd === null ? 'cancelled' : 'running';
  const stopped = view.stages.filter((stage) => stage.state === state && stage.name !== 'notify_users');
  if (stopped.length > 0) {
    const names = stopped.map(({ name }) => `“${stageLabels[name]}”`).join(' and ');
    const tails = stopped.flatMap(({ name, tail }) => lastLines(name, tail));
    return [{ type: 'text', text: `Stopped at ${names}.` }, ...tails];
  }
  const began = view.stages.some(({ startedAt }) => startedAt !== null);
  return began ? [] : [{ type: 'text', text: 'Cancelled while queued.' }];
};

/** The approvers of a request that expired. */
const undecided = ({ approval }: RunView): readonly Section[] => {
  if (approval === null) return [];
  const { approvers, expiresAt, selfApproval } = approval;
  const named = approvers.slice(0, 10).map((one) => truncateMiddle(one, 60));
  const more = approvers.length > named.length ? ` and ${approvers.length - named.length} more` : '';
  const anyone = selfApproval ? 'any person' : 'any person except the requester';
  const who = named.length === 0 ? anyone : `${named.join(', ')}${more}`;
  return [{ type: 'text', text: `Approval expired at ${formatTime(expiresAt)}. Approvers: ${who}.` }];
};

const failure = ({ failure: failed }: RunView): readonly Section[] => {
  if (failed === null) return [];
  return [
    ...(failed.hint === null ? [] : [{ type: 'text', text: truncateMiddle(failed.hint, 500) } as const]),
    ...(failed.applied === undefined
      ? []
      : [{ type: 'text', text: describeApplied(failed.applied.done, failed.applied.total) } as const]),
    ...lastLines(failed.stage, failed.tail),
  ];
};

const describeApplied = (done: number, total: number): string =>
  `${done} of ${pluralize(total, 'resource')} applied before the run stopped.`;

const remainingChanges = (view: RunView): readonly Section[] => {
  const { applied, remaining } = view;
  const began = view.status === 'cancelled' && applied !== null;
  return [
    ...(began ? [{ type: 'text', text: describeApplied(applied.done, applied.total) } as const] : []),
    ...(remaining === null
      ? []
      : [
          {
            type: 'text',
            text: `Remaining changes (new plan): ${describeCounts(remaining.summary.counts)}.`,
          } as const,
          ...planSections(remaining.summary),
        ]),
  ];
};

const outputs = ({ outputs: values }: RunView): readonly Section[] =>
  values.length === 0
    ? []
    : [
        {
          type: 'list',
          title: 'Outputs',
          lines: values.slice(0, 15).map(({ name, sensitive, value }) => {
            const shown = sensitive
              ? '(sensitive)'
              : value === null
                ? '(not shown)'
                : truncateMiddle(value, 200);
            return `${truncateMiddle(name, 80)} = ${shown}`;
          }),
          more: values.length > 15 ? `${values.length - 15} more not listed` : null,
        },
      ];

/** The sections in order of importance, because platforms cut from the end. */
export const runSections = (run: LiveRun): readonly Section[] => {
  const { view } = run;
  const plan = view.plan === null ? [] : planSections(view.plan.summary);
  const stopped = stoppedAt(run);
  switch (view.status) {
    case 'awaiting_approval':
      return [...stopped, ...policy(view), ...plan, ...stages(run)];
    case 'failed':
    case 'cancelled':
      return [...policy(view), ...failure(view), ...stopped, ...remainingChanges(view), ...stages(run)];
    case 'succeeded':
      return [...outputs(view), ...policy(view), ...stages(run), ...plan];
    case 'expired':
      return [...undecided(view), ...policy(view), ...plan, ...stages(run)];
    case 'denied':
      return [...policy(view), ...plan, ...stages(run)];
    case 'queued':
    case 'running':
    case 'applying':
    case 'no_changes':
      return [...stopped, ...stages(run), ...policy(view), ...plan];
    default:
      return view.status satisfies never;
  }
};
