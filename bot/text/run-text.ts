import type { Person } from '../../workflows/contract/person.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import { hasEnded, type RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { Card } from '../cards/card.ts';
import type { LiveRun } from '../cards/listed-run.ts';
import { toPlainText, truncateMiddle } from './plain-text.ts';
import { shortId } from './run-name.ts';

const isOfApply = (kind: string): boolean =>
  kind === 'applying' || kind === 'applied' || kind === 'apply_aborted';

/**
 * Whether a stopped run applied anything; null when its card shows that elsewhere.
 */
export const describeApplyOutcome = ({ applied, failure, events, stages }: RunView): string | null => {
  if (applied !== null || failure?.applied !== undefined) return null;
  const last = events.findLast(({ kind }) => isOfApply(kind))?.kind;
  const began = stages.some(({ name, startedAt }) => name === 'terraform_apply' && startedAt !== null);
  if (last === undefined && !began) return 'nothing was applied';
  return last === 'applied' || last === 'apply_aborted' ? null : 'whether anything was applied is unknown';
};

/** The names of the stages on cards and pages. */
export const stageLabels = {
  check_for_changes: 'Check for changes',
  terraform_init: 'Terraform init',
  refresh_repo: 'Fetch the repository',
  install_packages: 'Install packages',
  perform_tests: 'Run the tests',
  build_image: 'Build the image',
  terraform_plan: 'Terraform plan',
  evaluate_policy: 'Check the policy',
  approval: 'Approval',
  terraform_apply: 'Terraform apply',
  terraform_output: 'Read the outputs',
  notify_users: 'Notify people',
} as const;

const queued = ({ queue }: RunView): string => {
  if (queue === null) return 'Queued';
  const behind =
    queue.holder === null
      ? ''
      : `, behind ${shortId(queue.holder.workflowId)} of ${toPlainText(queue.holder.requestedBy.name)}`;
  return `Queued (position ${queue.position}${behind})`;
};

const awaiting = (view: RunView): string => {
  const { approval, plan } = view;
  const what = plan === null ? '' : `: ${describeCounts(plan.summary.counts)}`;
  if (approval === null || approval.required <= 1) return `Waiting for approval${what}`;
  return `Waiting for approval, ${approval.votes.length} of ${approval.required} approvals${what}`;
};

const withApplyOutcome = (text: string, view: RunView): string => {
  const left = describeApplyOutcome(view);
  return left === null ? text : `${text}; ${left}`;
};

const denied = (view: RunView): string => {
  const decision = view.approval?.decision;
  return decision?.outcome === 'denied'
    ? withApplyOutcome(
        `Denied by ${toPlainText(decision.by.name)}: ${truncateMiddle(decision.reason, 300)}`,
        view,
      )
    : withApplyOutcome('Denied', view);
};

/** "by Ada", or "in Temporal": a cancellation without a person came through Temporal itself. */
export const cancelledBy = (by: Person | null): string =>
  by === null ? 'in Temporal' : `by ${toPlainText(by.name)}`;

const cancelled = (view: RunView): string => {
  const last = view.events.findLast((event) => event.kind === 'cancelled');
  const reason = last?.reason ? `: ${truncateMiddle(last.reason, 300)}` : '';
  return withApplyOutcome(`Cancelled ${cancelledBy(last?.by ?? null)}${reason}`, view);
};

const applying = (run: LiveRun): string => {
  const progress = run.live.terraform_apply;
  return progress?.done != null && progress.total != null
    ? `Applying, ${progress.done} of ${progress.total} done`
    : 'Applying';
};

/** "Deployed", "Provisioned" or "Destroyed": how a run succeeded. */
export const describeSuccess = ({ kind }: Pick<RunView, 'kind'>): string =>
  kind === 'provision' ? 'Provisioned' : kind === 'destroy' ? 'Destroyed' : 'Deployed';

const words = (run: LiveRun): string => {
  const { view } = run;
  switch (view.status) {
    case 'queued':
      return queued(view);
    case 'running':
      return 'Running';
    case 'awaiting_approval':
      return awaiting(view);
    case 'applying':
      return applying(run);
    case 'succeeded':
      return view.applied === null
        ? describeSuccess(view)
        : `${describeSuccess(view)}: ${view.applied.added} added, ${view.applied.changed} changed, ${view.applied.destroyed} destroyed`;
    case 'no_changes':
      return view.kind === 'deploy'
        ? 'No changes since the last deployment; skipped'
        : 'No changes: infrastructure matches the code';
    case 'denied':
      return denied(view);
    case 'expired':
      return 'Approval expired; nothing was applied';
    case 'cancelled':
      return cancelled(view);
    case 'failed':
      return view.failure === null
        ? 'Failed'
        : `Failed at “${stageLabels[view.failure.stage]}”: ${truncateMiddle(view.failure.message, 400)}`;
    default:
      return view.status satisfies never;
  }
};

/** True once the run has ended, also when it was terminated in Temporal. */
export const isOver = (run: LiveRun): boolean => run.externalEnd !== null || hasEnded(run.view.status);

/** "Terminated in Temporal while running; no cleanup was done": the workflow could not record it. */
export const describeExternalEnd = (how: NonNullable<LiveRun['externalEnd']>, status?: RunStatus): string =>
  `${how === 'terminated' ? 'Terminated' : 'Timed out'} in Temporal${status === undefined ? '' : ` while ${status.replaceAll('_', ' ')}`}; no cleanup was done`;

/** The run's state as a clause without a full stop. */
export const describeStatus = (run: LiveRun): string =>
  run.externalEnd === null || hasEnded(run.view.status)
    ? words(run)
    : describeExternalEnd(run.externalEnd, run.view.status);

const tones = {
  queued: 'neutral',
  running: 'progress',
  awaiting_approval: 'warning',
  applying: 'progress',
  succeeded: 'good',
  no_changes: 'neutral',
  denied: 'bad',
  expired: 'neutral',
  cancelled: 'neutral',
  failed: 'bad',
} as const;

/** The tone of a card or a list row. */
export const getStatusTone = (status: RunStatus, externalEnd: LiveRun['externalEnd']): Card['tone'] =>
  externalEnd !== null && !hasEnded(status) ? 'bad' : tones[status];

export const getRunTone = (run: LiveRun): Card['tone'] => getStatusTone(run.view.status, run.externalEnd);
