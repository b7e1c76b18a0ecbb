import type { App, ViewOutput } from '@slack/bolt';
import { infoCard } from '../../cards/notice-cards.ts';
import { within } from '../../commands/handling/handle-request.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import type { Reply } from '../../platform/platform.ts';
import { toConversation } from '../conversation.ts';
import {
  answerView,
  readReasonContext,
  reasonAction,
  reasonBlock,
  reasonCallback,
} from '../render/reason-view.ts';
import type { ListenerDeps } from './deps.ts';

const reasonOf = (view: ViewOutput): string =>
  (view.state.values[reasonBlock]?.[reasonAction]?.value ?? '').trim();

const stillWorking = infoCard(
  'Still working',
  'This takes longer than usual. You are told in Slack what became of it.',
  'progress',
);

/** What somebody must not overlook stays in the window; the rest they find in the conversation. */
const mustBeSeen = ({ outcome }: Reply): boolean => outcome === 'refused' || outcome === 'unconfirmed';

/** The window in which a reason was written. */
export const registerViews = (app: App, deps: ListenerDeps): void => {
  const { replyTo, tell, showHome, inFlight, ackWithinMs } = deps;
  app.view(reasonCallback, ({ body, view, ack }) =>
    inFlight.track(async () => {
      const context = readReasonContext(view.private_metadata);
      if (context === null) {
        const { card } = toErrorReply('This window was made by another version, so nothing was decided.');
        await ack({ response_action: 'update', view: answerView(card) });
        return;
      }
      const reason = reasonOf(view);
      if (reason === '') {
        await ack({ response_action: 'errors', errors: { [reasonBlock]: 'Say why, in a word or two.' } });
        return;
      }
      const { command, args, digest, channel, thread } = context;
      const user = body.user.id;
      const asker = { user, channel, responseUrl: null, threadTs: thread };
      const work = replyTo({
        idempotencyKey: `slack-${view.id}`,
        command,
        args: `${args} ${reason}`,
        ...(digest === undefined ? {} : { digest }),
        who: user,
        conversation: toConversation(channel ?? user),
        deliverDeferredReply: (late) => tell(asker, late),
      });
      const reply = await within(work, ackWithinMs);
      if (reply !== null && mustBeSeen(reply))
        await ack({ response_action: 'update', view: answerView(reply.card) });
      else {
        if (reply === null) await ack({ response_action: 'update', view: answerView(stillWorking) });
        else await ack();
        await tell(asker, await work);
      }
      if (channel === null) await showHome(user);
    }),
  );
};
