import { canControl, type Refusal } from '../contract/approval-rule.ts';
import type { DecisionAnswer } from '../contract/decision.ts';
import { type RefusalType, refusalTypes } from '../contract/failure.ts';
import type { Person } from '../contract/person.ts';
import { hasEnded } from '../contract/run-status.ts';
import type { Approval } from './approval.ts';
import type { Cancellation, RetryWindow } from './attempt.ts';
import type { RunState } from './run-state.ts';

/** A request of an identified person. */
export interface ActorRequest {
  readonly by: Person;
  readonly reason: string | null;
  readonly digest: string | null;
}

/** One command on a run. `check` changes nothing; `execute` runs when `check` returned null. */
export interface OperatorCommand {
  readonly check: (request: ActorRequest) => Refusal | null;
  readonly execute: (request: ActorRequest) => DecisionAnswer;
}

/** The commands that people and programs can send to an open run. */
export interface OperatorCommands {
  readonly approve: OperatorCommand;
  readonly deny: OperatorCommand;
  readonly cancel: OperatorCommand;
  readonly retry: OperatorCommand;
}

interface OperatorCommandsParts {
  readonly run: RunState;
  readonly approval: Approval;
  readonly cancellation: Cancellation;
  readonly retryWindow: RetryWindow;
  /** The approvers in the catalog; null before the run has read it. */
  readonly getApprovers: () => readonly string[] | null;
}

const refuse = (type: RefusalType, message: string): Refusal => ({ type, message });

export const createOperatorCommands = ({
  run,
  approval,
  cancellation,
  retryWindow,
  getApprovers,
}: OperatorCommandsParts): OperatorCommands => {
  const denyUnlessController = (by: Person, verb: string): Refusal | null => {
    const approvers = getApprovers();
    const { requestedBy } = run.view;
    const isAllowed = approvers ? canControl(by, requestedBy, { approvers }) : by.id === requestedBy.id;
    if (isAllowed) return null;
    return refuse(
      refusalTypes.notAllowed,
      `${by.name} can't ${verb} this run. Only ${requestedBy.name} and the approvers can.`,
    );
  };

  /** True when an approval overrides a soft policy violation, which needs a reason. */
  const overridesPolicy = (): boolean =>
    run.view.policy?.outcome === 'soft' && run.view.approval?.decision === null;

  const answer = (counted: boolean, message: string): DecisionAnswer => ({
    status: run.view.status,
    counted,
    message,
  });

  return {
    approve: {
      check: ({ by, digest, reason }) => {
        const refusal = approval.check({ approve: true, by, digest });
        if (refusal || reason || !overridesPolicy()) return refusal;
        return refuse(
          refusalTypes.reasonMissing,
          'A reason is required, because this plan violates the policy. Nothing was approved.',
        );
      },
      execute: ({ by, digest, reason }) => approval.vote({ approve: true, by, digest }, reason),
    },
    deny: {
      check: ({ by, digest, reason }) => {
        const refusal = approval.check({ approve: false, by, digest });
        if (refusal || reason) return refusal;
        return refuse(refusalTypes.reasonMissing, 'A reason is required to deny. Nothing was denied.');
      },
      execute: ({ by, digest, reason }) => approval.vote({ approve: false, by, digest }, reason),
    },
    cancel: {
      check: ({ by }) => {
        const { status } = run.view;
        if (hasEnded(status) && status !== 'cancelled')
          return refuse(refusalTypes.notWaiting, `Can't cancel: the run has already ended (${status}).`);
        return denyUnlessController(by, 'cancel');
      },
      execute: ({ by, reason }) => {
        const { current } = cancellation;
        if (current)
          return answer(
            false,
            current.by ? `already cancelled by ${current.by.name}` : 'already cancelled in Temporal',
          );
        cancellation.request({ by, reason });
        return answer(true, 'cancelling');
      },
    },
    retry: {
      check: ({ by }) => {
        if (!retryWindow.isOpen())
          return refuse(refusalTypes.notWaiting, `Can't retry: ${retryWindow.whyClosed()}.`);
        return denyUnlessController(by, 'retry');
      },
      execute: ({ by }) => {
        retryWindow.request(by);
        return answer(true, 'retrying');
      },
    },
  };
};
