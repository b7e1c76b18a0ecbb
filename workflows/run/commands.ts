import type { DecisionAnswer } from '../contract/decision.ts';
import type { Person } from '../contract/person.ts';
import { hasEnded } from '../contract/run-status.ts';
import type { Cancellation } from './cancellation.ts';
import type { Refusal } from './decide.ts';
import type { Gate } from './gate.ts';
import { mayControl } from './people.ts';
import type { Retry } from './retry.ts';
import type { RunState } from './run.ts';

/** A request of a known person. */
export interface Demand {
  readonly by: Person;
  readonly reason: string | null;
  readonly digest: string | null;
}

/** One thing that people may ask of a run. `check` only reads; `take` is called when it found nothing. */
export interface Command {
  readonly check: (demand: Demand) => Refusal | null;
  readonly take: (demand: Demand) => DecisionAnswer;
}

export interface Commands {
  readonly approve: Command;
  readonly deny: Command;
  readonly cancel: Command;
  readonly retry: Command;
}

interface Parts {
  readonly run: RunState;
  readonly gate: Gate;
  readonly cancellation: Cancellation;
  readonly retry: Retry;
  /** Whoever may approve, as the catalog has it; null before it was read. */
  readonly approvers: () => readonly string[] | null;
}

const refuse = (type: Refusal['type'], message: string): Refusal => ({ type, message });

export const createCommands = ({ run, gate, cancellation, retry, approvers }: Parts): Commands => {
  const mayNot = (by: Person, what: string): Refusal | null => {
    const known = approvers();
    const { requestedBy } = run.view;
    const allowed = known ? mayControl(by, requestedBy, { approvers: known }) : by.id === requestedBy.id;
    if (allowed) return null;
    return refuse(
      'NotAllowed',
      `${by.name} may not ${what} this: only ${requestedBy.name} or an approver may.`,
    );
  };
  /** Whether a yes would go against the policy, which is never done without a word. */
  const overrides = (): boolean =>
    run.view.policy?.outcome === 'soft' && run.view.approval?.decision === null;
  const answer = (counted: boolean, message: string): DecisionAnswer => ({
    status: run.view.status,
    counted,
    message,
  });

  return {
    approve: {
      check: ({ by, digest, reason }) => {
        const refusal = gate.check({ approve: true, by, digest });
        if (refusal || reason || !overrides()) return refusal;
        return refuse(
          'ReasonMissing',
          'Say why: the policy objects to this plan, so approving it needs a reason.',
        );
      },
      take: ({ by, digest, reason }) => gate.take({ approve: true, by, digest }, reason),
    },
    deny: {
      check: ({ by, digest, reason }) => {
        const refusal = gate.check({ approve: false, by, digest });
        if (refusal || reason) return refusal;
        return refuse('ReasonMissing', 'Say why: a denial needs a reason.');
      },
      take: ({ by, digest, reason }) => gate.take({ approve: false, by, digest }, reason),
    },
    cancel: {
      check: ({ by }) => {
        const { status } = run.view;
        if (hasEnded(status) && status !== 'cancelled')
          return refuse('NotWaiting', `There is nothing to cancel: it has ended (${status}).`);
        return mayNot(by, 'cancel');
      },
      take: ({ by, reason }) => {
        const { request } = cancellation;
        if (request)
          return answer(false, `already cancelled by ${request.by?.name ?? 'somebody in Temporal'}`);
        cancellation.ask({ by, reason });
        return answer(true, 'cancelling');
      },
    },
    retry: {
      check: ({ by }) => {
        if (!retry.isOpen()) return refuse('NotWaiting', `There is nothing to retry: ${retry.whyNot()}.`);
        return mayNot(by, 'retry');
      },
      take: ({ by }) => {
        retry.ask(by);
        return answer(true, 'retrying');
      },
    },
  };
};
