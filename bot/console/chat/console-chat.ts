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

/** Words typed, or a button pressed. */
export interface ConsoleRequest {
  /** The page's own name for this one act: a form sent twice carries it twice. */
  readonly nonce: string;
  readonly command: string;
  readonly args: string;
  readonly digest?: string;
  readonly actor: Person;
  readonly conversation: Conversation;
}

export interface ConsoleChat {
  /** Typed words stand in the conversation, and so does what is answered. */
  submitText(speech: ConsoleRequest, words: string): Promise<Reply>;
  /** A button's answer is shown where it was pressed, and the card itself tells the rest; a list is added to the chat. */
  submitAction(speech: ConsoleRequest): Promise<Reply>;
  /** Shows an answer that came too late, to nobody but those it is meant for. */
  deliverLate(to: Pick<Invocation, 'idempotencyKey' | 'actor' | 'conversation'>, reply: Reply): Promise<void>;
}

/** A command that took no effect may be sent again under the same key. */
const isRepeatable = ({ outcome }: Reply): boolean => outcome === 'refused' || outcome === 'unconfirmed';

/** Typed text as the word and what follows it. */
export const splitCommand = (text: string): { readonly command: string; readonly args: string } => {
  const [command = ''] = text.trim().split(/\s/, 1);
  return { command: command.replace(/^\/+/, ''), args: text.trim().slice(command.length).trim() };
};

export const createConsoleChat = (dispatch: Dispatch, conversations: Conversations): ConsoleChat => {
  const underway = new LRUCache<string, Promise<Reply>>({ max: 500, ttl: 3_600_000 });

  /** Two clicks are one act, also when the second comes while the first is being answered. */
  const once = (key: string, act: () => Promise<Reply>): Promise<Reply> => {
    const known = underway.get(key);
    if (known !== undefined) return known;
    const reply = act();
    underway.set(key, reply);
    // What was refused or not confirmed may be tried again; the key stays the same, so it still counts once.
    reply.then(
      (answered) => (isRepeatable(answered) ? underway.delete(key) : undefined),
      () => underway.delete(key),
    );
    return reply;
  };

  const toRequest = (speech: ConsoleRequest): CommandRequest => {
    const { nonce, actor, ...call } = speech;
    const idempotencyKey = `console:${nonce}:${speech.actor.id}`;
    return {
      ...call,
      idempotencyKey,
      resolveActor: async () => actor,
      deadline: Date.now() + defaultReplyTimeoutMs,
      deliverDeferredReply: async (reply) => answer(`late ${idempotencyKey}`, speech, reply),
    };
  };

  const answer = (
    key: string,
    { conversation, actor }: Pick<ConsoleRequest, 'conversation' | 'actor'>,
    { card, outcome, visibility, workflowId }: Reply,
  ): void => {
    const onlyFor = visibility === 'ephemeral' ? actor.id : null;
    if (workflowId !== undefined && outcome === 'started' && card.kind !== 'run') {
      const shown = conversations.list(conversation, actor.id);
      if (shown.some((entry) => entry.kind === 'run' && entry.workflowId === workflowId)) return;
      // In the card's own place: the card takes it when it comes.
      conversations.add(conversation, runEntryKey(workflowId), { kind: 'note', card }, { onlyFor });
      return;
    }
    const content =
      card.run !== undefined
        ? ({ kind: 'run', workflowId: card.run.workflowId, told: card, thread: [] } as const)
        : ({ kind: 'note', card } as const);
    conversations.add(conversation, key, content, { onlyFor });
  };

  return {
    deliverLate: async (to, reply) => answer(`late ${to.idempotencyKey}`, to, reply),
    submitText(speech, words) {
      const call = toRequest(speech);
      return once(call.idempotencyKey, async () => {
        conversations.add(speech.conversation, `said ${call.idempotencyKey}`, {
          kind: 'said',
          by: speech.actor,
          words,
        });
        const reply = await dispatch(call);
        answer(`answer ${call.idempotencyKey}`, speech, reply);
        return reply;
      });
    },
    submitAction(speech) {
      const call = toRequest(speech);
      return once(call.idempotencyKey, async () => {
        const reply = await dispatch(call);
        if (reply.outcome === 'listing') answer(`answer ${call.idempotencyKey}`, speech, reply);
        return reply;
      });
    },
  };
};
