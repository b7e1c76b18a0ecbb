import type { Card } from '../../cards/card.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Runs } from '../../runs/port.ts';
import { threadPosts } from '../../runs/thread-posts.ts';
import type { RunCache } from '../run-cache.ts';
import type { Conversations } from './conversations.ts';
import { consoleName } from './entry.ts';
import { decodeMessageRef, encodeMessageRef, type MessageLocation, runEntryKey } from './message-ref.ts';

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
    if (place === null) throw new ChatError('editing a message of the console: no such message', 'gone');
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
