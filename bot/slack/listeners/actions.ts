import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { createClickDedupe } from '../../commands/handling/click-dedupe.ts';
import { within } from '../../commands/handling/handle-request.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { toConversation } from '../conversation.ts';
import { reasonView } from '../render/reason-view.ts';
import type { ResponseTarget } from '../respond.ts';
import { readSlackError } from '../slack-error.ts';
import type { ListenerDeps } from './deps.ts';

const buttonValue = z.object({
  args: z.string(),
  digest: z.string().exactOptional(),
  reason: z.string().exactOptional(),
});

const readValue = (value: string | undefined) => {
  try {
    return buttonValue.parse(JSON.parse(value ?? ''));
  } catch {
    // A button of another version; the person is told.
    return null;
  }
};

const askerOf = (body: BlockAction): ResponseTarget => {
  const home = body.view !== undefined;
  return {
    user: body.user.id,
    channel: home ? null : (body.channel?.id ?? null),
    responseUrl: body.response_url || null,
    threadTs: body.message?.thread_ts ?? null,
  };
};

/** One router for every button: the word is in the action's name, the rest in its value. */
export const registerActions = (app: App, deps: ListenerDeps): void => {
  const { replyTo, tell, clients, showHome, inFlight, logger, ackWithinMs } = deps;
  const keyOf = createClickDedupe();

  const askReason = async (body: BlockAction, title: string, asker: ResponseTarget, carried: Carried) => {
    try {
      await clients.urgent.views.open({
        trigger_id: body.trigger_id,
        view: reasonView(title, { ...carried, channel: asker.channel, thread: asker.threadTs }),
      });
    } catch (error) {
      const failure = readSlackError(error);
      logger.warn({ failure }, 'a window for a reason did not open');
      const instead = `/deploy ${carried.command} ${carried.args} <reason>`;
      await tell(
        asker,
        toErrorReply(
          `Slack did not open the window for the reason, so nothing was decided. Click again, or type ${instead}`,
        ),
      );
    }
  };

  app.action<BlockAction<ButtonAction>>(/^command:/, ({ body, action, ack }) =>
    inFlight.track(async () => {
      const asker = askerOf(body);
      const [, command = ''] = action.action_id.split(':');
      const value = readValue(action.value);
      if (value === null) {
        await ack();
        await tell(
          asker,
          toErrorReply('This button was made by another version. Type /deploy help for the words.'),
        );
        return;
      }
      const { reason, ...carried } = value;
      if (reason !== undefined) {
        // Before anything else: the window must open within three seconds of the click.
        await ack();
        await askReason(body, reason, asker, { command, ...carried });
        return;
      }
      const where = body.message?.ts ?? body.view?.id ?? '';
      const work = replyTo({
        idempotencyKey: keyOf(
          [asker.user, where, action.action_id, action.value ?? ''],
          `slack-${body.trigger_id}`,
        ),
        command,
        ...carried,
        who: asker.user,
        conversation: toConversation(asker.channel ?? asker.user),
        deliverDeferredReply: (reply) => tell(asker, reply),
      });
      await within(work, ackWithinMs);
      await ack();
      await tell(asker, await work);
      if (asker.channel === null) await showHome(asker.user);
    }),
  );

  // Slack opens the address by itself, but wants to be answered all the same.
  app.action(/^link:/, ({ ack }) => ack());
};

interface Carried {
  readonly command: string;
  readonly args: string;
  readonly digest?: string;
}
