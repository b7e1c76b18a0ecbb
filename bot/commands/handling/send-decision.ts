import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { v5 as uuidFrom } from 'uuid';
import type { DecisionAnswer, DecisionRequest } from '../../../workflows/contract/decision.ts';
import { isUnavailable } from './temporal-retry.ts';

/** The update that carries a decision, and the signal that replaces it when the update is not answered. */
export interface DecisionTransport {
  readonly update: UpdateDefinition<DecisionAnswer, [DecisionRequest]>;
  /** The signal's name. Its payload is the request with the update ID as `key`. */
  readonly signal: string;
}

/** The result of sending a decision. */
export type SendResult =
  | { readonly kind: 'answered'; readonly answer: DecisionAnswer }
  /** Temporal stored the signal; the run has not answered yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string }
  /** The run does not exist or has ended. */
  | { readonly kind: 'closed' };

const updateTimeoutMs = 1600;
const signalTimeoutMs = 600;

/** Temporal limits the length of IDs; the keys of chats are shorter, and a longer key is hashed. */
const toUpdateId = (key: string): string => (key.length <= 200 ? key : uuidFrom(key, uuidFrom.URL));

/**
 * Sends a decision exactly once: as an update whose ID is the click's key and, without an answer in time,
 * as a signal with the same key. Rejects when Temporal is unavailable.
 */
export const sendDecision = async (
  client: Client,
  way: DecisionTransport,
  workflowId: string,
  key: string,
  request: DecisionRequest,
): Promise<SendResult> => {
  const handle = client.workflow.getHandle(workflowId);
  const within = <T>(ms: number, ask: () => Promise<T>) => client.withDeadline(Date.now() + ms, ask);
  const id = toUpdateId(key);
  try {
    const answer = await within(updateTimeoutMs, () =>
      handle.executeUpdate(way.update, { args: [request], updateId: id }),
    );
    return { kind: 'answered', answer };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'closed' };
    if (error instanceof WorkflowUpdateFailedError)
      return { kind: 'refused', why: error.cause?.message ?? error.message };
    if (!isUnavailable(error)) throw error;
  }
  try {
    await within(signalTimeoutMs, () => handle.signal(way.signal, { ...request, key: id }));
    return { kind: 'pending' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'closed' };
    throw error;
  }
};
