import { LRUCache } from 'lru-cache';
import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import {
  type CommandRequest,
  type Dispatch,
  defaultReplyTimeoutMs,
  type Invocation,
  type Reply,
} from '../../platform/platform.ts';
import { runEntryKey } from './console-messages.ts';
import type { Conversations } from './conversations.ts';

/** A typed command or a pressed button. */
export interface ConsoleRequest {
  /** Identifies the action: a form that is submitted twice sends the same nonce. */
  readonly nonce: string;
  readonly command: string;
  readonly args: string;
  /** The digest of the plan that the button's card showed. */
  readonly digest?: string;
  readonly actor: Person;
  readonly conversation: Conversation;
}

/** Runs commands and adds their replies to the conversation. */
export interface ConsoleChat {
  /** Adds the typed text and the reply to the conversation. */
  submitText(request: ConsoleRequest, text: string): Promise<Reply>;
  /** Returns the reply for the page to show; adds it to the conversation only when it is a list. */
  submitAction(request: ConsoleRequest): Promise<Reply>;
  /** Adds a reply that came after the deadline. */
  deliverLate(to: Pick<Invocation, 'idempotencyKey' | 'actor' | 'conversation'>, reply: Reply): Promise<void>;
}

/** A command that took no effect can be sent again with the same key. */
const isRepeatable = ({ outcome }: Reply): boolean => outcome === 'refused' || outcome === 'unconfirmed';

/** Splits typed text into the command, without its slash, and its arguments. */
export const splitCommand = (text: string): { readonly command: string; readonly args: string } => {
  const [command = ''] = text.trim().split(/\s/, 1);
  return { command: command.replace(/^\/+/, ''), args: text.trim().slice(command.length).trim() };
};

export const createConsoleChat = (dispatch: Dispatch, conversations: Conversations): ConsoleChat => {
  const replies = new LRUCache<string, Promise<Reply>>({ max: 500, ttl: 3_600_000 });

  /** Requests with the same key share one reply, also while the first is still running. */
  const runOnce = (key: string, run: () => Promise<Reply>): Promise<Reply> => {
    const known = replies.get(key);
    if (known !== undefined) return known;
    const reply = run();
    replies.set(key, reply);
    // Forget a reply without effect. A retry has the same key, so Temporal still counts it once.
    reply.then(
      (answered) => (isRepeatable(answered) ? replies.delete(key) : undefined),
      () => replies.delete(key),
    );
    return reply;
  };

  const toCommandRequest = (request: ConsoleRequest): CommandRequest => {
    const { nonce, actor, ...call } = request;
    const idempotencyKey = `console:${nonce}:${actor.id}`;
    return {
      ...call,
      idempotencyKey,
      resolveActor: async () => actor,
      deadline: Date.now() + defaultReplyTimeoutMs,
      deliverDeferredReply: async (reply) => addReply(`late ${idempotencyKey}`, request, reply),
    };
  };

  const addReply = (
    key: string,
    { conversation, actor }: Pick<ConsoleRequest, 'conversation' | 'actor'>,
    { card, outcome, visibility, workflowId }: Reply,
  ): void => {
    const onlyFor = visibility === 'ephemeral' ? actor.id : null;
    if (workflowId !== undefined && outcome === 'started' && card.kind !== 'run') {
      const entries = conversations.list(conversation, actor.id);
      if (entries.some((entry) => entry.kind === 'run' && entry.workflowId === workflowId)) return;
      // Use the key of the run's card, which replaces this reply when it is posted.
      conversations.add(conversation, runEntryKey(workflowId), { kind: 'note', card }, { onlyFor });
      return;
    }
    const content =
      card.run !== undefined
        ? ({ kind: 'run', workflowId: card.run.workflowId, fallback: card, thread: [] } as const)
        : ({ kind: 'note', card } as const);
    conversations.add(conversation, key, content, { onlyFor });
  };

  return {
    deliverLate: async (to, reply) => addReply(`late ${to.idempotencyKey}`, to, reply),
    submitText(request, text) {
      const call = toCommandRequest(request);
      const { idempotencyKey, conversation } = call;
      return runOnce(idempotencyKey, async () => {
        conversations.add(conversation, `command ${idempotencyKey}`, {
          kind: 'command',
          by: request.actor,
          text,
        });
        const reply = await dispatch(call);
        addReply(`answer ${idempotencyKey}`, request, reply);
        return reply;
      });
    },
    submitAction(request) {
      const call = toCommandRequest(request);
      return runOnce(call.idempotencyKey, async () => {
        const reply = await dispatch(call);
        if (reply.outcome === 'listing') addReply(`answer ${call.idempotencyKey}`, request, reply);
        return reply;
      });
    },
  };
};
