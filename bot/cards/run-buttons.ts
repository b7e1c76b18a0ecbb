import { checkVoter } from '../../workflows/contract/approval-rule.ts';
import type { ApprovalView } from '../../workflows/contract/decision.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { describeSubject } from '../text/run-name.ts';
import { isOver } from '../text/run-text.ts';
import type { Button } from './card.ts';
import type { LiveRun } from './listed-run.ts';

/** The address of the console's pages, for links; null when the bot has none that people can open. */
export interface CardLinks {
  readonly publicUrl: string | null;
}

/** Work emails of the people whose votes the approval rule accepts; absent where the catalog names no approvers. */
const findVoters = ({ requestedBy }: RunView, approval: ApprovalView) => {
  if (approval.approvers.length === 0) return { approve: {}, deny: {} };
  const allowed = (approve: boolean): readonly string[] =>
    approval.approvers
      .map((approver) => approver.toLowerCase())
      .filter((id) => checkVoter(approval, requestedBy, { approve, by: { id, name: id } }) === null);
  return { approve: { who: allowed(true) }, deny: { who: allowed(false) } };
};

const decisions = (view: RunView): readonly Button[] => {
  const { approval, plan } = view;
  if (view.status !== 'awaiting_approval' || approval === null || approval.decision !== null) return [];
  const where = describeSubject(view);
  const may = findVoters(view, approval);
  const what = plan === null ? where : `${where}: ${describeCounts(plan.summary.counts)}`;
  return [
    {
      kind: 'command',
      action: 'decide',
      label: 'Approve',
      tone: 'good',
      command: 'approve',
      args: view.workflowId,
      digest: approval.digest,
      ...(view.policy?.outcome === 'soft'
        ? { needsReason: true }
        : { confirm: { title: 'Apply this plan?', text: what.slice(0, 250) } }),
      ...may.approve,
    },
    {
      kind: 'command',
      action: 'decide',
      label: 'Deny',
      tone: 'bad',
      command: 'deny',
      args: view.workflowId,
      digest: approval.digest,
      needsReason: true,
      ...may.deny,
    },
  ];
};

const cancel = (view: RunView): Button => ({
  kind: 'command',
  action: 'control',
  label: 'Cancel',
  tone: 'neutral',
  command: 'cancel',
  args: view.workflowId,
  confirm:
    view.status === 'applying'
      ? {
          title: 'Stop the apply?',
          text: 'Terraform finishes the current operation, then stops. Applied changes are kept.',
          label: 'Cancel the run',
        }
      : { title: 'Cancel this run?', text: 'Nothing will be applied.', label: 'Cancel the run' },
});

/** The console's page of this run. */
export const runUrl = (publicUrl: string, workflowId: string): string =>
  `${publicUrl.replace(/\/+$/, '')}/runs/${encodeURIComponent(workflowId)}`;

/** The actions that the run's state allows. */
export const runButtons = (run: LiveRun, links: CardLinks): readonly Button[] => {
  const { view } = run;
  const retryable = view.status === 'failed' && view.retryUntil !== null && run.externalEnd === null;
  return [
    ...(isOver(run) ? [] : decisions(view)),
    ...(retryable
      ? [
          {
            kind: 'command',
            action: 'control',
            label: 'Retry',
            tone: 'neutral',
            command: 'retry',
            args: view.workflowId,
          } as const,
        ]
      : []),
    ...(isOver(run) ? [] : [cancel(view)]),
    ...(links.publicUrl === null
      ? []
      : [{ kind: 'link', label: 'Details', url: runUrl(links.publicUrl, view.workflowId) } as const]),
  ];
};
