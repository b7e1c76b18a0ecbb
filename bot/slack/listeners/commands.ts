import type { App } from '@slack/bolt';
import { noteCard } from '../../cards/error-card.ts';
import type { Reply } from '../../platform.ts';
import { within } from '../../reply-to.ts';
import { conversationOf } from '../conversation.ts';
import { replyMessage } from '../tell.ts';
import type { ListenerDeps } from './deps.ts';

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack writes these three signs as entities in what people type. */
export const typed = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** `/deploy-status` is registered because Slack keeps `/status` for itself. */
const wordOf = (command: string): string => command.replace(/^\//, '').replace(/^deploy-(?=.)/, '');

const stillWorking: Reply = {
  card: noteCard('Still working', 'This takes longer than usual. The answer follows here.', 'progress'),
  to: 'asker',
};

/** One listener for every word: each further one would cost time on each request. */
export const listenToCommands = (app: App, deps: ListenerDeps): void => {
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
        key: `slack-${body.trigger_id}`,
        command: wordOf(body.command),
        args: typed(body.text ?? ''),
        who: body.user_id,
        conversation: conversationOf(body.channel_id),
        answerLater: (late) => tell(asker, late),
      });
      const reply = await within(work, ackWithinMs);
      await ack(replyMessage(reply ?? stillWorking));
      if (reply === null) await tell(asker, await work);
    }),
  );
};
