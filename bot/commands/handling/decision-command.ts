import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { v5 as uuidFrom } from 'uuid';
import { checkVoter } from '../../../workflows/contract/approval-rule.ts';
import type { DecisionAnswer, DecisionRequest } from '../../../workflows/contract/decision.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import { infoCard } from '../../cards/notice-cards.ts';
import { runCard, runTitle } from '../../cards/run-card.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { UserError } from '../../platform/errors.ts';
import type { Invocation, Reply } from '../../platform/platform.ts';
import type { LiveRun } from '../../runs/types.ts';
import { shortId } from '../../text/run-name.ts';
import { describeStatus } from '../../text/run-text.ts';
import type { Command, CommandDeps } from '../command.ts';
import type { CommandSpec } from '../spec.ts';
import { splitFirstWord, usageError } from './args.ts';
import { isUnavailable, retryWhileUnavailable } from './temporal-retry.ts';

/** One of the commands that decide about a run or control it. */
export interface DecisionKind {
  readonly spec: CommandSpec;
  /** "approval": for "Your approval was sent". */
  readonly noun: string;
  /** Carries the request. Temporal answers it. */
  readonly update: UpdateDefinition<DecisionAnswer, [DecisionRequest]>;
  /** The name of the signal that replaces an update without an answer. Its payload is the request with `key`. */
  readonly signal: string;
  readonly reason: 'required' | 'optional' | 'none';
  /** Votes name the plan that the person saw, and only approvers may vote; null for cancel and retry. */
  readonly vote: 'approve' | 'deny' | null;
}

/** The result of sending a decision. */
type SendResult =
  | { readonly kind: 'answered'; readonly answer: DecisionAnswer }
  /** Temporal stored the signal; the run has not answered yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string }
  /** The run does not exist or has ended. */
  | { readonly kind: 'closed' };

const updateTimeoutMs = 1600;
const signalTimeoutMs = 600;
const maxReasonLength = 1000;

/** Temporal limits the length of IDs; the keys of chats are shorter, and a longer key is hashed. */
const toUpdateId = (key: string): string => (key.length <= 200 ? key : uuidFrom(key, uuidFrom.URL));

/**
 * Sends a decision exactly once: as an update whose ID is the click's key and, without an answer in time,
 * as a signal with the same key. Rejects when Temporal is unavailable.
 */
const sendDecision = async (
  client: Client,
  { update, signal }: DecisionKind,
  workflowId: string,
  key: string,
  request: DecisionRequest,
): Promise<SendResult> => {
  const handle = client.workflow.getHandle(workflowId);
  const within = <T>(ms: number, send: () => Promise<T>) => client.withDeadline(Date.now() + ms, send);
  const id = toUpdateId(key);
  try {
    const answer = await within(updateTimeoutMs, () =>
      handle.executeUpdate(update, { args: [request], updateId: id }),
    );
    return { kind: 'answered', answer };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'closed' };
    if (error instanceof WorkflowUpdateFailedError)
      return { kind: 'refused', why: error.cause?.message ?? error.message };
    if (!isUnavailable(error)) throw error;
  }
  try {
    await within(signalTimeoutMs, () => handle.signal(signal, { ...request, key: id }));
    return { kind: 'pending' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'closed' };
    throw error;
  }
};

const parse = ({ spec, reason: rule }: DecisionKind, text: string): { id: string; reason: string } => {
  const { first: id, rest: reason } = splitFirstWord(text);
  if (id === '') throw usageError(spec, 'Missing run ID. Each card shows its run ID at the bottom.');
  if (reason !== '' && rule === 'none') throw usageError(spec, `“${spec.name}” takes only a run ID.`);
  if (reason === '' && rule === 'required') throw usageError(spec, `A reason is required to ${spec.name}.`);
  if (reason.length > maxReasonLength)
    throw usageError(spec, `Reason too long: ${reason.length} characters (limit ${maxReasonLength}).`);
  return { id, reason };
};

/**
 * Why this person may not vote on the approval request of a run; null when the person may. The bot checks for
 * a fast answer. The workflow checks again and is the authority, because any Temporal client can send a decision.
 */
export const precheckVote = (
  { approval, requestedBy }: Pick<RunView, 'approval' | 'requestedBy'>,
  by: Person,
  vote: 'approve' | 'deny',
): string | null =>
  (approval && checkVoter(approval, requestedBy, { approve: vote === 'approve', by })?.message) ?? null;

const toSentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');

const notFound = (workflowId: string): string => `Run ${shortId(workflowId)} not found.`;

/** A command that sends a decision to a run and replies with the run's answer. */
export const createDecisionCommand = (deps: CommandDeps, kind: DecisionKind): Command => {
  const { client, store, parts, links, logger, retryBudget } = deps;
  const { spec, vote } = kind;

  /** Records a refusal in the audit trail. */
  const refuse = async (call: Invocation, workflowId: string, why: string): Promise<UserError> => {
    const details = { command: spec.name, why, digest: call.digest ?? null };
    const entry = { at: Date.now(), workflowId, seq: null, kind: 'refused', by: call.actor.id, details };
    await store.audit.append([entry]);
    return new UserError(why);
  };

  /** A typed vote is about the current plan, a clicked one about the plan on the card. */
  const getPlanDigest = async (call: Invocation, workflowId: string): Promise<string | undefined> => {
    if (vote === null) return undefined;
    if (call.digest !== undefined) return call.digest;
    const run = await parts.runs.get(workflowId);
    if (run === null) throw new UserError(notFound(workflowId));
    return run.view.approval?.digest ?? run.view.plan?.digest;
  };

  const base = { visibility: 'ephemeral' } as const;

  const replyClosed = async (workflowId: string): Promise<Reply> => {
    const run = await parts.runs.get(workflowId);
    if (run === null) return toErrorReply(notFound(workflowId));
    const summary = `Can't ${spec.name}, the run has ended: ${describeStatus(run)}`;
    return { ...base, card: { ...runCard(run, links), summary }, outcome: 'refused', workflowId };
  };

  const toReply = async (
    call: Invocation,
    workflowId: string,
    result: SendResult,
    last: LiveRun | null,
  ): Promise<Reply> => {
    const title = last === null ? shortId(workflowId) : runTitle(last.view);
    switch (result.kind) {
      case 'closed':
        return replyClosed(workflowId);
      case 'refused':
        throw await refuse(call, workflowId, result.why);
      case 'pending': {
        const message = `Your ${kind.noun} was sent, but the run hasn't confirmed it yet. The run's card will show the result.`;
        return { ...base, card: infoCard(title, message), outcome: 'pending', workflowId };
      }
      case 'answered': {
        const { message, counted } = result.answer;
        const card = infoCard(title, toSentence(message), counted ? 'good' : 'neutral');
        return { ...base, card, outcome: counted ? 'accepted' : 'unchanged', workflowId };
      }
      default:
        return result satisfies never;
    }
  };

  return {
    ...spec,
    run: async (call, text) => {
      const { id, reason } = parse(kind, text);
      const workflowId = await parts.findRun(id);
      const [planDigest, last] = await Promise.all([
        getPlanDigest(call, workflowId),
        store.runs.get(workflowId),
      ]);
      // The approvers of one plan do not change, so the stored view is enough to refuse a vote at once.
      if (vote !== null && last !== null && last.view.approval?.digest === planDigest) {
        const why = precheckVote(last.view, call.actor, vote);
        if (why !== null) throw await refuse(call, workflowId, why);
      }
      const request = {
        by: call.actor,
        ...(reason === '' ? {} : { reason }),
        ...(planDigest === undefined ? {} : { planDigest }),
      };
      const result = await retryWhileUnavailable(
        retryBudget,
        () => sendDecision(client, kind, workflowId, call.idempotencyKey, request),
        `your ${kind.noun} reached the run`,
      );
      parts.poller.watch(workflowId);
      if (result.kind === 'answered')
        parts.publish(workflowId).catch((error: unknown) => {
          logger.warn(
            { workflowId, err: error },
            'card not updated after a decision; Quarterdeck will retry',
          );
        });
      return toReply(call, workflowId, result, last);
    },
  };
};
