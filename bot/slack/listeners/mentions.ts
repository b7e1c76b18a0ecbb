import type { App } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import { toConversation } from '../conversation.ts';
import { decodeEntities } from './commands.ts';
import type { ListenerDeps } from './deps.ts';

const memoryMs = 15 * 60_000;

/** What people wrote, without the mention of the bot and without Slack's brackets around addresses. */
const wordsOf = (text: string): string =>
  decodeEntities(
    text
      .replace(/<@[A-Z0-9]+(?:\|[^>]*)?>/g, ' ')
      .replace(
        /<(?:mailto:)?([^>|]+)(?:\|([^>]*))?>/g,
        (_, address: string, shown?: string) => shown ?? address,
      ),
  )
    .replace(/\s+/g, ' ')
    .trim();

/** Slash commands do not work in threads; a mention does. */
export const registerMentions = (app: App, deps: ListenerDeps): void => {
  const { replyTo, tell, inFlight } = deps;
  // Slack sends an event again when an answer was late, up to five minutes after the first.
  const heard = new LRUCache<string, true>({ max: 10_000, ttl: memoryMs });
  app.event('app_mention', ({ event, body }) =>
    inFlight.track(async () => {
      const { user, channel } = event;
      if (user === undefined || event.bot_id !== undefined || heard.has(body.event_id)) return;
      heard.set(body.event_id, true);
      const asker = { user, channel, responseUrl: null, threadTs: event.thread_ts ?? null };
      const words = wordsOf(event.text);
      const [command = ''] = words.split(' ');
      const reply = await replyTo({
        idempotencyKey: `slack-${body.event_id}`,
        command: command || 'help',
        args: words.slice(command.length).trim(),
        who: user,
        conversation: toConversation(channel),
        deliverDeferredReply: (late) => tell(asker, late),
      });
      await tell(asker, reply);
    }),
  );
};
