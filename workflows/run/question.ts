import { condition } from '@temporalio/workflow';
import type { ApprovalView, Decision } from '../contract/decision.ts';
import type { ApprovalRule } from '../contract/target.ts';
import type { Announce } from './announce.ts';
import { openQuestion, reminderDelay, tellDecision } from './decide.ts';
import { listNames } from './people.ts';
import type { RunState } from './run.ts';

const survives = (kept: ApprovalView | null, asked: ApprovalView): boolean =>
  kept?.decision?.outcome === 'approved' &&
  kept.digest === asked.digest &&
  kept.required === asked.required &&
  kept.selfApproval === asked.selfApproval &&
  kept.approvers.join() === asked.approvers.join();

/** Asks people whether the plan may be applied, and waits for what they say. */
export const createQuestion = (run: RunState, announce: Announce) => {
  let kept: ApprovalView | null = null;

  const decided = (): Decision | null => run.view.approval?.decision ?? null;

  const expire = (digest: string): Decision => {
    const decision: Decision = { outcome: 'expired', at: run.now(), digest };
    const { approval } = run.view;
    if (approval) run.set({ approval: { ...approval, decision } });
    run.record({ kind: 'expired', digest });
    return decision;
  };

  const wait = async (rule: ApprovalRule, { digest, expiresAt }: ApprovalView): Promise<Decision> => {
    const untilReminder = reminderDelay(rule.timeoutMs);
    if (!(await condition(() => decided() !== null, untilReminder))) {
      run.record({ kind: 'reminded', expiresAt });
      announce.notice('reminder');
      await condition(() => decided() !== null, rule.timeoutMs - untilReminder);
    }
    return decided() ?? expire(digest);
  };

  return {
    /** Takes a question from the table because its plan is no longer the one. */
    withdraw: (remember: boolean): void => {
      kept = remember ? (run.view.approval ?? kept) : null;
      run.set({ approval: null });
    },
    ask: async (rule: ApprovalRule, digest: string): Promise<Decision> => {
      const asked = openQuestion(rule, digest, run.now());
      if (kept && survives(kept, asked)) {
        run.set({ approval: kept });
        return kept.decision ?? wait(rule, asked);
      }
      run.set({ approval: asked });
      run.record({ kind: 'question', digest, expiresAt: asked.expiresAt });
      announce.status('awaiting_approval');
      announce.notice('question');
      const decision = await wait(rule, asked);
      // The end of the run tells the other outcomes.
      if (decision.outcome === 'approved') {
        announce.status('applying');
        announce.notice('decided');
      }
      return decision;
    },
  };
};

export type Question = ReturnType<typeof createQuestion>;

/** A decision as the row of the stage says it. */
export const decisionDetail = (decision: Decision): string =>
  decision.outcome === 'approved'
    ? `approved by ${listNames(decision.votes.map((vote) => vote.by.name))}`
    : tellDecision(decision).replace('already ', '');
