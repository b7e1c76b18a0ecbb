import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { Card } from '../../cards/card.ts';
import { toThreadPosts } from '../../delivery/thread-posts.ts';
import { ChatError } from '../../platform/errors.ts';
import type { MessageRef, Platform, PostKey } from '../../platform/platform.ts';
import type { Runs } from '../../runs/types.ts';
import type { RunCache } from '../run-cache.ts';
import { type Conversations, consoleName } from './conversations.ts';

/** Where a message is. Its reference holds all of this, so it stays valid after a restart. */
interface MessageLocation {
  readonly conversation: Conversation;
  readonly workflowId: string;
  readonly part: string;
}

const encodeMessageRef = (conversation: Conversation, { workflowId, part }: PostKey): MessageRef =>
  JSON.stringify([conversation, workflowId, part]);

/** null for a reference of another platform. */
const decodeMessageRef = (ref: MessageRef): MessageLocation | null => {
  try {
    const parts: unknown = JSON.parse(ref);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
    const [conversation, workflowId, part] = parts;
    return conversation === undefined || workflowId === undefined || part === undefined
      ? null
      : { conversation, workflowId, part };
  } catch {
    // Another platform's reference is not JSON.
    return null;
  }
};

/** The key of a run's entry: a conversation shows one card for each run. */
export const runEntryKey = (workflowId: string): string => `run ${workflowId}`;

const maxRestoredRuns = 100;

/** The platform's messages. They are kept in memory, so posting never fails for a while. */
export type ConsoleMessages = Pick<Platform, 'post' | 'edit' | 'reply'> & {
  /** Restores the cards that an earlier process showed: those of the newest 100 runs. */
  restore(): Promise<void>;
};

export const createConsoleMessages = (
  conversations: Conversations,
  runCache: RunCache,
  runs: Runs,
): ConsoleMessages => {
  const show = ({ conversation, workflowId, part }: MessageLocation, card: Card): void => {
    if (workflowId !== '' && part.startsWith('card')) {
      const content = { kind: 'run', workflowId, fallback: card, thread: [] } as const;
      conversations.add(conversation, runEntryKey(workflowId), content);
    } else conversations.add(conversation, `${workflowId} ${part}`, { kind: 'note', card });
  };

  const locate = (ref: string): MessageLocation => {
    const location = decodeMessageRef(ref);
    if (location === null) throw new ChatError('console: message not found', 'not_found');
    return location;
  };

  return {
    async post(to, card, key) {
      show({ conversation: to, ...key }, card);
      return encodeMessageRef(to, key);
    },
    async edit(ref, card) {
      show(locate(ref), card);
    },
    async reply(ref, { file, ...post }, { part }) {
      const { conversation, workflowId } = locate(ref);
      const line = { part, post, file: file?.title ?? null };
      if (conversations.addToThread(conversation, runEntryKey(workflowId), line)) return;
      conversations.add(conversation, runEntryKey(workflowId), {
        kind: 'run',
        workflowId,
        fallback: null,
        thread: [line],
      });
    },
    async restore() {
      const known = await runs.list({ limit: maxRestoredRuns });
      for (const run of known.toReversed()) {
        const { workflowId, conversation, askedAt } = run.view;
        if (!conversation?.startsWith(`${consoleName}:`)) continue;
        runCache.set(run);
        const thread = toThreadPosts(run, 'all').map(({ part, post, withPlan }) => ({
          part,
          post,
          file: withPlan ? 'The plan' : null,
        }));
        conversations.add(
          conversation,
          runEntryKey(workflowId),
          { kind: 'run', workflowId, fallback: null, thread },
          { at: askedAt },
        );
      }
    },
  };
};
