import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { currentUpdateInfo, type SignalDefinition, setHandler } from '@temporalio/workflow';
import type { DecisionAnswer, DecisionRequest } from '../contract/decision.ts';
import * as contract from '../contract/run-messages.ts';
import type { Command, Commands, Demand } from './commands.ts';
import { identify } from './identify.ts';
import { parseNamed, parseRequest, type Request } from './requests.ts';
import type { RunState } from './run.ts';
import { getLatestReason } from './run.ts';

const noReason = 'no reason given';

const registerQueries = (run: RunState): void => {
  setHandler(contract.runQuery, run.read);
  setHandler(contract.statusQuery, () => run.view.status);
  setHandler(contract.progressQuery, () => run.read().progress);
  setHandler(contract.planQuery, () => run.view.plan?.summary ?? null);
  setHandler(contract.signalReasonQuery, () => getLatestReason(run.read().events));
};

/** Everything that can be asked of a run. Nothing here waits: a request is recorded and answered. */
export const registerHandlers = (
  run: RunState,
  commands: Commands,
  approvers: () => readonly string[] | null,
): void => {
  /** By key: the same request may come as an update, and again as a signal. */
  const answers = new Map<string, DecisionAnswer>();
  const remember = (key: string | null, answer: DecisionAnswer): DecisionAnswer => {
    if (key) answers.set(key, answer);
    return answer;
  };
  const updateKey = (): string => currentUpdateInfo()?.id ?? '';

  const demandOf = (raw: unknown): Demand => {
    const { by, reason, digest } = parseRequest(raw);
    if (!by) throw ApplicationFailure.nonRetryable('The request does not say who makes it.', 'BadRequest');
    return { by, reason, digest };
  };
  const onUpdate = (update: UpdateDefinition<DecisionAnswer, [DecisionRequest]>, command: Command): void =>
    setHandler(
      update,
      (raw) => answers.get(updateKey()) ?? remember(updateKey(), command.take(demandOf(raw))),
      {
        validator: (raw) => {
          if (answers.has(updateKey())) return;
          const refusal = command.check(demandOf(raw));
          if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.type);
        },
      },
    );

  const onSignal = <Payload>(
    signal: SignalDefinition<[Payload?]> | SignalDefinition<[Payload]>,
    command: Command,
    parse: (raw: unknown) => Request,
    defaultReason: () => string | null = () => null,
  ): void =>
    setHandler(signal as SignalDefinition<[Payload?]>, (raw?: Payload) => {
      const request = parse(raw);
      if (request.key && answers.has(request.key)) return;
      const by = identify(request, approvers() ?? []);
      if (!by) {
        const who = request.name
          ? `"${request.name}" is none of the approvers`
          : 'it does not say who decides';
        run.record({ kind: 'not_counted', by: null, why: who });
        return;
      }
      const demand = { by, reason: request.reason ?? defaultReason(), digest: request.digest };
      const refusal = command.check(demand);
      const answer = refusal ? null : remember(request.key, command.take(demand));
      if (!answer?.counted)
        run.record({ kind: 'not_counted', by, why: refusal?.message ?? answer?.message ?? '' });
    });

  const unsaid = () => (run.view.policy?.outcome === 'soft' ? noReason : null);
  registerQueries(run);
  onUpdate(contract.approveApplyUpdate, commands.approve);
  onUpdate(contract.denyApplyUpdate, commands.deny);
  onUpdate(contract.cancelUpdate, commands.cancel);
  onUpdate(contract.retryUpdate, commands.retry);
  // Typed by hand in a terminal, as a name alone: who it was is recorded, and that nothing more was said.
  onSignal(contract.approveSignal, commands.approve, parseNamed, unsaid);
  onSignal(contract.approveApplySignal, commands.approve, parseRequest, unsaid);
  onSignal(contract.denyApplySignal, commands.deny, parseRequest, () => noReason);
  onSignal(contract.cancelSignal, commands.cancel, parseRequest);
  onSignal(contract.retrySignal, commands.retry, parseRequest);
};
