import type { Card } from '../cards/card.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Runs } from '../runs/port.ts';
import { threadPosts } from '../runs/thread-posts.ts';
import type { Conversations } from './conversations.ts';
import { consoleName } from './entry.ts';
import { type PostPlace, placeOf, refOf, runKey } from './post-ref.ts';
import type { SeenRuns } from './seen-runs.ts';

const rebuilt = 100;

/** The part of a platform that takes messages. Nothing here can be away, so nothing is ever refused for a while. */
export type Chat = Pick<Platform, 'post' | 'edit' | 'reply'> & {
  /** Brings back the cards of a process that has ended. */
  rebuild(): Promise<void>;
};

export const createChat = (conversations: Conversations, seen: SeenRuns, runs: Runs): Chat => {
  const show = ({ conversation, workflowId, part }: PostPlace, card: Card): void => {
    if (workflowId !== '' && part.startsWith('card')) {
      const content = { kind: 'run', workflowId, told: card, thread: [] } as const;
      conversations.add(conversation, runKey(workflowId), content);
    } else conversations.add(conversation, `${workflowId} ${part}`, { kind: 'note', card });
  };

  const placed = (ref: string): PostPlace => {
    const place = placeOf(ref);
    if (place === null) throw new ChatError('editing a message of the console: no such message', 'not_found');
    return place;
  };

  return {
    async post(to, card, key) {
      show({ conversation: to, ...key }, card);
      return refOf(to, key);
    },
    async edit(ref, card) {
      show(placed(ref), card);
    },
    async reply(ref, { file, ...post }, { part }) {
      const { conversation, workflowId } = placed(ref);
      const line = { part, post, file: file?.title ?? null };
      if (conversations.addToThread(conversation, runKey(workflowId), line)) return;
      conversations.add(conversation, runKey(workflowId), {
        kind: 'run',
        workflowId,
        told: null,
        thread: [line],
      });
    },
    async rebuild() {
      const known = await runs.list({ limit: rebuilt });
      for (const run of known.toReversed()) {
        const { workflowId, conversation, askedAt } = run.view;
        if (!conversation?.startsWith(`${consoleName}:`)) continue;
        seen.remember(run);
        const thread = threadPosts(run, 'all').map(({ part, post, withPlan }) => ({
          part,
          post,
          file: withPlan ? 'The plan' : null,
        }));
        conversations.add(
          conversation,
          runKey(workflowId),
          { kind: 'run', workflowId, told: null, thread },
          { at: askedAt },
        );
      }
    },
  };
};
