import { LRUCache } from 'lru-cache';
import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import type { Card } from '../../cards/card.ts';
import { isListing } from '../../cards/is-listing.ts';
import type { Dispatch, Invocation, Reply } from '../../platform/platform.ts';
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
  deliverLate(call: Invocation, reply: Reply): Promise<void>;
}

/** The words that begin a run, whose card says all that their answer does. */
const starting: ReadonlySet<string> = new Set(['deploy', 'rollback', 'provision']);

/** A whole run's card, not a word about it. */
const isRunCard = ({ sections }: Card): boolean => sections.some(({ type }) => type === 'stages');

/** Nothing is left to do about it. */
const isSettled = ({ tone }: Card): boolean => tone !== 'bad' && tone !== 'attention';

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
      ({ card }) => (isSettled(card) ? undefined : underway.delete(key)),
      () => underway.delete(key),
    );
    return reply;
  };

  const invocation = (speech: ConsoleRequest): Invocation => {
    const { nonce, ...call } = speech;
    const idempotencyKey = `console:${nonce}:${speech.actor.id}`;
    return {
      ...call,
      idempotencyKey,
      deliverDeferredReply: (reply) => tell({ ...call, idempotencyKey }, reply),
    };
  };

  const answer = (
    key: string,
    speech: Omit<ConsoleRequest, 'nonce'>,
    { card, visibility, workflowId }: Reply,
  ): void => {
    const { conversation, actor } = speech;
    const onlyFor = visibility === 'ephemeral' ? actor.id : null;
    if (workflowId !== undefined && starting.has(speech.command.toLowerCase()) && !isRunCard(card)) {
      const shown = conversations.list(conversation, actor.id);
      if (shown.some((entry) => entry.kind === 'run' && entry.workflowId === workflowId)) return;
      // In the card's own place: the card takes it when it comes.
      conversations.add(conversation, runEntryKey(workflowId), { kind: 'note', card }, { onlyFor });
      return;
    }
    const content =
      workflowId !== undefined && isRunCard(card)
        ? ({ kind: 'run', workflowId, told: card, thread: [] } as const)
        : ({ kind: 'note', card } as const);
    conversations.add(conversation, key, content, { onlyFor });
  };

  const tell: ConsoleChat['deliverLate'] = async (call, reply) =>
    answer(`late ${call.idempotencyKey}`, call, reply);

  return {
    deliverLate: tell,
    submitText(speech, words) {
      const call = invocation(speech);
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
      const call = invocation(speech);
      return once(call.idempotencyKey, async () => {
        const reply = await dispatch(call);
        if (isListing(reply.card)) answer(`answer ${call.idempotencyKey}`, speech, reply);
        return reply;
      });
    },
  };
};
