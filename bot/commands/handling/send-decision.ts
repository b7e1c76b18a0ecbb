import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { v5 as uuidFrom } from 'uuid';
import type { DecisionAnswer, DecisionRequest } from '../../../workflows/contract/decision.ts';
import { isUnavailable } from './temporal-retry.ts';

/** A decision as an update, and as the signal that stands in for it. */
export interface DecisionTransport {
  readonly update: UpdateDefinition<DecisionAnswer, [DecisionRequest]>;
  /** Its name; the payload is the request with its key. */
  readonly signal: string;
}

/** What came of sending a decision. */
export type SendResult =
  | { readonly kind: 'answered'; readonly answer: DecisionAnswer }
  /** Temporal holds it, and the run has not answered yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string }
  /** The run is not there, or is closed. */
  | { readonly kind: 'closed' };

const updateTimeoutMs = 1600;
const signalTimeoutMs = 600;

/** The server takes ids up to a length; keys of chats are shorter, and a longer one gets a name of its own. */
const toUpdateId = (key: string): string => (key.length <= 200 ? key : uuidFrom(key, uuidFrom.URL));

/**
 * Sends a decision so that it counts once: as an update whose id is the click, and when no answer comes
 * in time, as a signal that carries the same key. Rejects when Temporal itself is away.
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
