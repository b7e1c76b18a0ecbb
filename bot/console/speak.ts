import { LRUCache } from 'lru-cache';
import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { Card } from '../cards/card.ts';
import type { Dispatch, Invocation, Reply } from '../platform.ts';
import type { Conversations } from './conversations.ts';

/** Words typed, or a button pressed. */
export interface Speech {
  /** The page's own name for this one act: a form sent twice carries it twice. */
  readonly nonce: string;
  readonly command: string;
  readonly args: string;
  readonly digest?: string;
  readonly actor: Person;
  readonly conversation: Conversation;
}

export interface Speak {
  /** Typed words stand in the conversation, and so does what is answered. */
  say(speech: Speech, words: string): Promise<Reply>;
  /** A button's answer is shown where it was pressed; the card itself tells the rest. */
  press(speech: Speech): Promise<Reply>;
}

/** A whole run's card, not a word about it. */
const isRunCard = ({ sections }: Card): boolean => sections.some(({ type }) => type === 'stages');

/** Typed text as the word and what follows it. */
export const splitWords = (text: string): { readonly command: string; readonly args: string } => {
  const [command = ''] = text.trim().split(/\s/, 1);
  return { command: command.replace(/^\/+/, ''), args: text.trim().slice(command.length).trim() };
};

export const createSpeak = (dispatch: Dispatch, conversations: Conversations): Speak => {
  const underway = new LRUCache<string, Promise<Reply>>({ max: 500, ttl: 3_600_000 });

  /** Two clicks are one act, also when the second comes while the first is being answered. */
  const once = (key: string, act: () => Promise<Reply>): Promise<Reply> => {
    const known = underway.get(key);
    if (known !== undefined) return known;
    const reply = act().then((answered) => {
      // What was refused may be tried again; the key stays the same, so it still counts once.
      if (answered.card.tone === 'bad') underway.delete(key);
      return answered;
    });
    underway.set(key, reply);
    return reply;
  };

  const invocation = (speech: Speech): Invocation => {
    const { nonce, ...call } = speech;
    return { ...call, key: `console:${nonce}:${speech.actor.id}` };
  };

  const answer = (key: string, { conversation, actor }: Speech, { card, to, workflowId }: Reply): void => {
    const content =
      workflowId !== undefined && isRunCard(card)
        ? ({ kind: 'run', workflowId, told: card, thread: [] } as const)
        : ({ kind: 'note', card } as const);
    conversations.add(conversation, `answer ${key}`, content, {
      onlyFor: to === 'asker' ? actor.id : null,
    });
  };

  return {
    say(speech, words) {
      const call = invocation(speech);
      return once(call.key, async () => {
        conversations.add(speech.conversation, `said ${call.key}`, {
          kind: 'said',
          by: speech.actor,
          words,
        });
        const reply = await dispatch(call);
        answer(call.key, speech, reply);
        return reply;
      });
    },
    press(speech) {
      const call = invocation(speech);
      return once(call.key, () => dispatch(call));
    },
  };
};
