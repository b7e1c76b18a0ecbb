import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { createClickDedupe } from '../../commands/handling/click-dedupe.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { UserError } from '../../platform/errors.ts';
import { toConversation } from '../conversation.ts';
import type { ResponseTarget } from '../respond.ts';
import { readSlackError } from '../slack-errors.ts';
import type { ListenerDeps } from './commands.ts';
import { renderReasonDialog } from './reason-dialog.ts';

const buttonValue = z.object({
  args: z.string(),
  digest: z.string().exactOptional(),
  reason: z.string().exactOptional(),
});

const parseValue = (value: string | undefined) => {
  try {
    return buttonValue.parse(JSON.parse(value ?? ''));
  } catch {
    // A button of another version; the caller says so to the person.
    return null;
  }
};

const toTarget = (body: BlockAction): ResponseTarget => {
  const isHome = body.view !== undefined;
  return {
    user: body.user.id,
    channel: isHome ? null : (body.channel?.id ?? null),
    responseUrl: body.response_url || null,
    threadTs: body.message?.thread_ts ?? null,
  };
};

interface DecisionButton {
  readonly command: string;
  readonly args: string;
  readonly digest?: string;
}

/** All buttons: the command is in the `action_id`, the rest in the value. */
export const registerActions = (app: App, deps: ListenerDeps): void => {
  const { dispatch, resolveUser, respond, clients, publishHome, logger, replyTimeoutMs } = deps;
  const dedupeClick = createClickDedupe();

  const openReasonDialog = async (
    body: BlockAction,
    title: string,
    target: ResponseTarget,
    button: DecisionButton,
  ) => {
    try {
      await clients.urgent.views.open({
        trigger_id: body.trigger_id,
        view: renderReasonDialog(title, { ...button, channel: target.channel, thread: target.threadTs }),
      });
    } catch (error) {
      logger.warn({ failure: readSlackError(error) }, 'Slack did not open a reason dialog');
      const alternative = `/deploy ${button.command} ${button.args} <reason>`;
      await respond(
        target,
        toErrorReply(
          new UserError("Slack didn't open the dialog for the reason. Nothing was decided.", {
            hint: `Click again, or type ${alternative}`,
          }),
        ),
      );
    }
  };

  app.action<BlockAction<ButtonAction>>(/^command:/, async ({ body, action, ack }) => {
    const target = toTarget(body);
    const [, command = ''] = action.action_id.split(':');
    const value = parseValue(action.value);
    if (value === null) {
      await ack();
      await respond(
        target,
        toErrorReply(
          new UserError('This button is outdated.', { hint: 'Run /deploy help for the commands.' }),
        ),
      );
      return;
    }
    const { reason, ...button } = value;
    if (reason !== undefined) {
      // The dialog must open within three seconds of the click, so it comes before everything else.
      await ack();
      await openReasonDialog(body, reason, target, { command, ...button });
      return;
    }
    const message = body.message?.ts ?? body.view?.id ?? '';
    const reply = await dispatch({
      idempotencyKey: dedupeClick(
        [target.user, message, action.action_id, action.value ?? ''],
        `slack-${body.trigger_id}`,
      ),
      command,
      ...button,
      resolveActor: () => resolveUser(target.user),
      conversation: toConversation(target.channel ?? target.user),
      deadline: Date.now() + replyTimeoutMs,
      deliverDeferredReply: (late) => respond(target, late),
    });
    await ack();
    await respond(target, reply);
    if (target.channel === null) await publishHome(target.user);
  });

  // Slack opens the address on its own, but requires an acknowledgement.
  app.action(/^link:/, ({ ack }) => ack());
};
