import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { Card } from '../../cards/card.ts';
import { ChatError } from '../../platform/errors.ts';
import type { MessageRef, Platform, PostKey } from '../../platform/platform.ts';
import type { Runs } from '../../runs/port.ts';
import { threadPosts } from '../../runs/thread-posts.ts';
import type { RunCache } from '../run-cache.ts';
import type { Conversations } from './conversations.ts';
import { consoleName } from './entry.ts';

/** Where a card stands. The reference says all of it, so it is good after a restart too. */
interface MessageLocation {
  readonly conversation: Conversation;
  readonly workflowId: string;
  readonly part: string;
}

const encodeMessageRef = (conversation: Conversation, { workflowId, part }: PostKey): MessageRef =>
  JSON.stringify([conversation, workflowId, part]);

/** null for text that no post has given. */
const decodeMessageRef = (ref: MessageRef): MessageLocation | null => {
  try {
    const parts: unknown = JSON.parse(ref);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
    const [conversation, workflowId, part] = parts;
    return conversation === undefined || workflowId === undefined || part === undefined
      ? null
      : { conversation, workflowId, part };
  } catch {
    // Not one of ours.
    return null;
  }
};

/** A run has one card in a conversation, whichever of its posts has brought it there. */
export const runEntryKey = (workflowId: string): string => `run ${workflowId}`;

const maxRestoredRuns = 100;

/** The part of a platform that takes messages. Nothing here can be away, so nothing is ever refused for a while. */
export type ConsoleMessages = Pick<Platform, 'post' | 'edit' | 'reply'> & {
  /** Brings back the cards of a process that has ended. */
  restore(): Promise<void>;
};

export const createConsoleMessages = (
  conversations: Conversations,
  seen: RunCache,
  runs: Runs,
): ConsoleMessages => {
  const show = ({ conversation, workflowId, part }: MessageLocation, card: Card): void => {
    if (workflowId !== '' && part.startsWith('card')) {
      const content = { kind: 'run', workflowId, told: card, thread: [] } as const;
      conversations.add(conversation, runEntryKey(workflowId), content);
    } else conversations.add(conversation, `${workflowId} ${part}`, { kind: 'note', card });
  };

  const placed = (ref: string): MessageLocation => {
    const place = decodeMessageRef(ref);
    if (place === null) throw new ChatError('editing a message of the console: no such message', 'not_found');
    return place;
  };

  return {
    async post(to, card, key) {
      show({ conversation: to, ...key }, card);
      return encodeMessageRef(to, key);
    },
    async edit(ref, card) {
      show(placed(ref), card);
    },
    async reply(ref, { file, ...post }, { part }) {
      const { conversation, workflowId } = placed(ref);
      const line = { part, post, file: file?.title ?? null };
      if (conversations.addToThread(conversation, runEntryKey(workflowId), line)) return;
      conversations.add(conversation, runEntryKey(workflowId), {
        kind: 'run',
        workflowId,
        told: null,
        thread: [line],
      });
    },
    async restore() {
      const known = await runs.list({ limit: maxRestoredRuns });
      for (const run of known.toReversed()) {
        const { workflowId, conversation, askedAt } = run.view;
        if (!conversation?.startsWith(`${consoleName}:`)) continue;
        seen.set(run);
        const thread = threadPosts(run, 'all').map(({ part, post, withPlan }) => ({
          part,
          post,
          file: withPlan ? 'The plan' : null,
        }));
        conversations.add(
          conversation,
          runEntryKey(workflowId),
          { kind: 'run', workflowId, told: null, thread },
          { at: askedAt },
        );
      }
    },
  };
};
