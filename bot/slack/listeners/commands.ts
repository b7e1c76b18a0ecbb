import type { App } from '@slack/bolt';
import { infoCard } from '../../cards/notice-cards.ts';
import { within } from '../../commands/handling/handle-request.ts';
import type { Reply } from '../../platform/platform.ts';
import { toConversation } from '../conversation.ts';
import { toReplyMessage } from '../respond.ts';
import type { ListenerDeps } from './deps.ts';

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack writes these three signs as entities in what people type. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** `/deploy-status` is registered because Slack keeps `/status` for itself. */
const wordOf = (command: string): string => command.replace(/^\//, '').replace(/^deploy-(?=.)/, '');

const stillWorking: Reply = {
  card: infoCard('Still working', 'This takes longer than usual. The answer follows here.', 'progress'),
  outcome: 'unconfirmed',
  visibility: 'ephemeral',
};

/** One listener for every word: each further one would cost time on each request. */
export const registerCommands = (app: App, deps: ListenerDeps): void => {
  const { replyTo, tell, inFlight, ackWithinMs } = deps;
  app.command(/.*/, ({ body, ack }) =>
    inFlight.track(async () => {
      const asker = {
        user: body.user_id,
        channel: body.channel_id,
        responseUrl: body.response_url,
        threadTs: null,
      };
      const work = replyTo({
        idempotencyKey: `slack-${body.trigger_id}`,
        command: wordOf(body.command),
        args: decodeEntities(body.text ?? ''),
        who: body.user_id,
        conversation: toConversation(body.channel_id),
        deliverDeferredReply: (late) => tell(asker, late),
      });
      const reply = await within(work, ackWithinMs);
      await ack(toReplyMessage(reply ?? stillWorking));
      if (reply === null) await tell(asker, await work);
    }),
  );
};
