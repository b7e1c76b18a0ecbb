import { condition } from '@temporalio/workflow';
import {
  addVote,
  createApprovalRequest,
  describeDecision,
  evaluateVote,
  getReminderDelayMs,
  listNames,
  type Refusal,
  type VoteRequest,
  type VoteVerdict,
} from '../contract/approval-rule.ts';
import type { ApprovalView, Decision, DecisionAnswer } from '../contract/decision.ts';
import type { RunStatus } from '../contract/run-status.ts';
import type { ApprovalRule } from '../contract/target.ts';
import type { RunState } from './run-state.ts';
import type { StatusPublisher } from './status-publisher.ts';

/** The approval of a run's plan: requests it, takes votes and waits for the decision. */
export interface Approval {
  /** Why a vote cannot be taken now; null when it can. Changes nothing. */
  check(vote: VoteRequest): Refusal | null;
  /** Counts a vote that `check` accepted. */
  vote(vote: VoteRequest, reason: string | null): DecisionAnswer;
  /** Requests approval of the plan with this digest, and waits for the decision or the expiry. */
  request(rule: ApprovalRule, digest: string): Promise<Decision>;
  /** Removes the request because its plan is obsolete. `keep`: the same plan and rule restore its decision. */
  invalidate(keep: boolean): void;
}

const notYet: Partial<Record<RunStatus, string>> = {
  queued: 'the run is still queued',
  running: 'the plan is not ready yet',
  applying: 'Terraform is already applying',
};

const isSameRequest = (kept: ApprovalView, request: ApprovalView): boolean =>
  kept.digest === request.digest &&
  kept.required === request.required &&
  kept.selfApproval === request.selfApproval &&
  kept.approvers.join() === request.approvers.join();

export const createApproval = (run: RunState, publisher: StatusPublisher): Approval => {
  let kept: ApprovalView | null = null;

  // Votes.

  const evaluate = (vote: VoteRequest): VoteVerdict => {
    const { approval, requestedBy, status } = run.view;
    if (approval && (approval.decision || status === 'awaiting_approval'))
      return evaluateVote(approval, requestedBy, vote, run.now());
    const reason = notYet[status] ?? `the run has ended (${status})`;
    const message = `Can't ${vote.approve ? 'approve' : 'deny'}: ${reason}.`;
    return { kind: 'refused', type: 'NotWaiting', message };
  };

  const answer = (counted: boolean, message: string): DecisionAnswer => ({
    status: run.view.status,
    counted,
    message,
  });

  const approve = (approval: ApprovalView, { by }: VoteRequest, reason: string | null): DecisionAnswer => {
    const next = addVote(approval, { by, at: run.now(), reason });
    run.set({ approval: next, ...(next.decision ? { status: 'applying' } : {}) });
    const [votes, { required, digest }] = [next.votes.length, next];
    run.record({ kind: 'approved', by, reason, digest, votes, required });
    return answer(true, required === 1 ? 'approved' : `approved, ${votes} of ${required}`);
  };

  const deny = (approval: ApprovalView, { by }: VoteRequest, reason: string): DecisionAnswer => {
    const { digest } = approval;
    const decision = { outcome: 'denied', by, at: run.now(), reason, digest } as const;
    run.set({ approval: { ...approval, decision }, status: 'denied' });
    run.record({ kind: 'denied', by, reason, digest });
    return answer(true, `denied: ${reason}`);
  };

  // The request.

  const getDecision = (): Decision | null => run.view.approval?.decision ?? null;

  const expire = (digest: string): Decision => {
    const decision: Decision = { outcome: 'expired', at: run.now(), digest };
    const { approval } = run.view;
    if (approval) run.set({ approval: { ...approval, decision } });
    run.record({ kind: 'expired', digest });
    return decision;
  };

  const wait = async (timeoutMs: number, { digest, expiresAt }: ApprovalView): Promise<Decision> => {
    const untilReminderMs = getReminderDelayMs(timeoutMs);
    if (!(await condition(() => getDecision() !== null, untilReminderMs))) {
      run.record({ kind: 'reminded', expiresAt });
      publisher.notify('reminder');
      await condition(() => getDecision() !== null, timeoutMs - untilReminderMs);
    }
    return getDecision() ?? expire(digest);
  };

  return {
    check: (vote) => {
      const verdict = evaluate(vote);
      return verdict.kind === 'refused' ? verdict : null;
    },
    vote: (vote, reason) => {
      const verdict = evaluate(vote);
      if (verdict.kind !== 'accepted') return answer(false, verdict.message);
      const { approval } = run.view;
      if (!approval) return answer(false, 'no approval request is open');
      return vote.approve
        ? approve(approval, vote, reason)
        : deny(approval, vote, reason ?? 'no reason given');
    },
    request: async (rule, digest) => {
      const request = createApprovalRequest(rule, digest, run.now());
      if (kept?.decision?.outcome === 'approved' && isSameRequest(kept, request)) {
        run.set({ approval: kept });
        return kept.decision;
      }
      run.set({ approval: request });
      run.record({ kind: 'question', digest, expiresAt: request.expiresAt });
      publisher.publishStatus('awaiting_approval');
      publisher.notify('question');
      const decision = await wait(rule.timeoutMs, request);
      // The notification at the end of the run covers the other outcomes.
      if (decision.outcome === 'approved') {
        publisher.publishStatus('applying');
        publisher.notify('decided');
      }
      return decision;
    },
    invalidate: (keep) => {
      kept = keep ? (run.view.approval ?? kept) : null;
      run.set({ approval: null });
    },
  };
};

/** A decision as the detail of its stage: "approved by Ada". */
export const describeOutcome = (decision: Decision): string => {
  if (decision.outcome === 'approved')
    return `approved by ${listNames(decision.votes.map((vote) => vote.by.name))}`;
  return describeDecision(decision).replace('already ', '');
};
