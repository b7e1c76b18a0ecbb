import type { DecisionAnswer } from '../contract/decision.ts';
import type { RunStatus } from '../contract/run-status.ts';
import { addVote, type Refusal, type Weight, type Word, weigh } from './decide.ts';
import type { RunState } from './run.ts';

const notYet: Partial<Record<RunStatus, string>> = {
  queued: 'it is still waiting for its turn',
  running: 'its plan is not ready yet',
  applying: 'it is being applied already',
};

/** Takes people's words on the question that stands, and keeps what became of it. */
export const createGate = (run: RunState) => {
  const weighNow = (word: Word): Weight => {
    const { approval, requestedBy, status } = run.view;
    const stands = approval && (approval.decision || status === 'awaiting_approval');
    if (stands) return weigh(approval, requestedBy, word, run.now());
    const why = notYet[status] ?? `it has ended: ${status}`;
    return {
      kind: 'refused',
      type: 'NotWaiting',
      message: `This run is not waiting for approval: ${why}.`,
    };
  };

  const answer = (counted: boolean, message: string): DecisionAnswer => ({
    status: run.view.status,
    counted,
    message,
  });

  const approve = ({ by }: Word, reason: string | null): DecisionAnswer => {
    const { approval } = run.view;
    if (!approval) return answer(false, 'nothing was asked');
    const next = addVote(approval, { by, at: run.now(), reason });
    run.set({ approval: next, ...(next.decision ? { status: 'applying' } : {}) });
    const [votes, { required, digest }] = [next.votes.length, next];
    run.record({ kind: 'approved', by, reason, digest, votes, required });
    return answer(true, required === 1 ? 'approved' : `approved, ${votes} of ${required}`);
  };

  const deny = ({ by }: Word, reason: string): DecisionAnswer => {
    const { approval } = run.view;
    if (!approval) return answer(false, 'nothing was asked');
    const { digest } = approval;
    const decision = { outcome: 'denied', by, at: run.now(), reason, digest } as const;
    run.set({ approval: { ...approval, decision }, status: 'denied' });
    run.record({ kind: 'denied', by, reason, digest });
    return answer(true, `denied: ${reason}`);
  };

  return {
    /** Why a word cannot be taken, or null when it can. */
    check: (word: Word): Refusal | null => {
      const weight = weighNow(word);
      return weight.kind === 'refused' ? weight : null;
    },
    take: (word: Word, reason: string | null): DecisionAnswer => {
      const weight = weighNow(word);
      if (weight.kind !== 'counts') return answer(false, weight.message);
      return word.approve ? approve(word, reason) : deny(word, reason ?? 'no reason given');
    },
  };
};

export type Gate = ReturnType<typeof createGate>;
