import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { currentUpdateInfo, type SignalDefinition, setHandler } from '@temporalio/workflow';
import { findApprover } from '../contract/approval-rule.ts';
import type { DecisionAnswer, DecisionRequest } from '../contract/decision.ts';
import { refusalTypes } from '../contract/failure.ts';
import type { Person } from '../contract/person.ts';
import * as messages from '../contract/run-messages.ts';
import type { ActorRequest, OperatorCommand, OperatorCommands } from './operator-commands.ts';
import { parsePerson } from './parse-client-input.ts';
import { getLatestReason, type RunState } from './run-state.ts';

/** The payload of an update or a signal, from any Temporal client. */
export interface ClientRequest {
  readonly by: Person | null;
  /** A name without an identity, as the signal `approve` carries it. */
  readonly name: string | null;
  readonly reason: string | null;
  readonly digest: string | null;
  /** Identifies the same request when it arrives a second time. */
  readonly key: string | null;
}

/** Who decided by a signal that names no one, where the catalog names no approvers. */
export const anonymous: Person = { id: 'anonymous', name: 'anonymous' };

const maxTextLength = 2_000;
const noReason = 'no reason given';

const parseOptionalText = (value: unknown): string | null => {
  const trimmed = typeof value === 'string' ? value.trim().slice(0, maxTextLength) : '';
  return trimmed || null;
};

const emptyRequest: ClientRequest = { by: null, name: null, reason: null, digest: null, key: null };

/** Parses the payload of an update, and of the signals with the same payload. A bare string is a reason. */
export const parseRequest = (value: unknown): ClientRequest => {
  if (typeof value === 'string') return { ...emptyRequest, reason: parseOptionalText(value) };
  if (typeof value !== 'object' || value === null) return emptyRequest;
  const { by, reason, planDigest, key } = value as Record<string, unknown>;
  return {
    by: parsePerson(by),
    name: null,
    reason: parseOptionalText(reason),
    digest: parseOptionalText(planDigest),
    key: parseOptionalText(key),
  };
};

/** Parses the payload of the signal `approve`: a name, or `{name}`. */
export const parseNamedRequest = (value: unknown): ClientRequest => {
  const name = typeof value === 'object' && value !== null ? (value as Record<string, unknown>).name : value;
  return { ...emptyRequest, name: parseOptionalText(name) };
};

/** The person behind a signal; null when the catalog names approvers and the signal names none of them. */
export const identifySender = (request: ClientRequest, approvers: readonly string[]): Person | null => {
  if (request.by) return request.by;
  if (approvers.length === 0)
    return request.name ? { id: request.name.toLowerCase(), name: request.name } : anonymous;
  const id = request.name ? findApprover(request.name, approvers) : null;
  return id && request.name ? { id: id.toLowerCase(), name: request.name } : null;
};

const registerQueries = (run: RunState): void => {
  setHandler(messages.runQuery, run.read);
  setHandler(messages.statusQuery, () => run.view.status);
  setHandler(messages.progressQuery, () => run.read().progress);
  setHandler(messages.planQuery, () => run.view.plan?.summary ?? null);
  setHandler(messages.signalReasonQuery, () => getLatestReason(run.read().events));
};

/** Registers every query, update and signal of a run. No handler waits: it records the request and answers. */
export const registerMessageHandlers = (
  run: RunState,
  commands: OperatorCommands,
  getApprovers: () => readonly string[] | null,
): void => {
  /** Answers by key, because the same request can arrive as an update and again as a signal. */
  const answers = new Map<string, DecisionAnswer>();
  const remember = (key: string | null, answer: DecisionAnswer): DecisionAnswer => {
    if (key) answers.set(key, answer);
    return answer;
  };
  const updateKey = (): string => currentUpdateInfo()?.id ?? '';

  const requireActor = (raw: unknown): ActorRequest => {
    const { by, reason, digest } = parseRequest(raw);
    if (!by)
      throw ApplicationFailure.nonRetryable(
        'The request names no person. Nothing was changed. Send {by: {id, name}}.',
        refusalTypes.badRequest,
      );
    return { by, reason, digest };
  };

  const onUpdate = (
    update: UpdateDefinition<DecisionAnswer, [DecisionRequest]>,
    command: OperatorCommand,
  ): void =>
    setHandler(
      update,
      (raw) => answers.get(updateKey()) ?? remember(updateKey(), command.execute(requireActor(raw))),
      {
        validator: (raw) => {
          if (answers.has(updateKey())) return;
          const refusal = command.check(requireActor(raw));
          if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.type);
        },
      },
    );

  const onSignal = <Payload>(
    signal: SignalDefinition<[Payload?]> | SignalDefinition<[Payload]>,
    command: OperatorCommand,
    parse: (raw: unknown) => ClientRequest,
    getDefaultReason: () => string | null = () => null,
  ): void =>
    setHandler(signal as SignalDefinition<[Payload?]>, (raw?: Payload) => {
      const request = parse(raw);
      if (request.key && answers.has(request.key)) return;
      const by = identifySender(request, getApprovers() ?? []);
      if (!by) {
        const why = request.name ? `"${request.name}" is not an approver` : 'the signal names no approver';
        run.record({ kind: 'not_counted', by: null, why });
        return;
      }
      const actorRequest = { by, reason: request.reason ?? getDefaultReason(), digest: request.digest };
      const refusal = command.check(actorRequest);
      const answer = refusal ? null : remember(request.key, command.execute(actorRequest));
      if (!answer?.counted)
        run.record({ kind: 'not_counted', by, why: refusal?.message ?? answer?.message ?? '' });
    });

  const defaultApprovalReason = () => (run.view.policy?.outcome === 'soft' ? noReason : null);
  registerQueries(run);
  onUpdate(messages.approveApplyUpdate, commands.approve);
  onUpdate(messages.denyApplyUpdate, commands.deny);
  onUpdate(messages.cancelUpdate, commands.cancel);
  onUpdate(messages.retryUpdate, commands.retry);
  // A signal typed in a terminal can carry a name alone. The run records that no reason was given.
  onSignal(messages.approveSignal, commands.approve, parseNamedRequest, defaultApprovalReason);
  onSignal(messages.approveApplySignal, commands.approve, parseRequest, defaultApprovalReason);
  onSignal(messages.denyApplySignal, commands.deny, parseRequest, () => noReason);
  onSignal(messages.cancelSignal, commands.cancel, parseRequest);
  onSignal(messages.retrySignal, commands.retry, parseRequest);
};
