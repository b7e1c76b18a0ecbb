import type { App, ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Card } from '../../cards/card.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { UserError } from '../../platform/errors.ts';
import type { Reply } from '../../platform/platform.ts';
import { truncateEnd } from '../../text/plain-text.ts';
import { toConversation } from '../conversation.ts';
import { renderCard } from '../render/card.ts';
import { limits } from '../render/limits.ts';
import type { ListenerDeps } from './commands.ts';

// Dialogs that are open while the bot is replaced carry these IDs.
const callbackId = 'reason';
const blockId = 'reason';
const actionId = 'reason-text';

const maxReason = 500;

const dialogContext = z.object({
  command: z.string(),
  args: z.string(),
  digest: z.string().exactOptional(),
  channel: z.string().nullable(),
  thread: z.string().nullable(),
});

/** What the dialog carries until it is submitted. */
type DialogContext = z.infer<typeof dialogContext>;

const parseContext = (metadata: string): DialogContext | null => {
  try {
    return dialogContext.parse(JSON.parse(metadata));
  } catch {
    // A dialog of another version; the caller says so to the person.
    return null;
  }
};

const plainText = (text: string, limit: number) =>
  ({ type: 'plain_text', text: truncateEnd(text, limit), emoji: false }) as const;

/** The dialog that asks for the reason of a decision. */
export const renderReasonDialog = (title: string, context: DialogContext): ModalView => {
  const metadata = JSON.stringify(context);
  if (metadata.length > limits.privateMetadata)
    throw new Error(`opening the dialog “${title}”: its metadata is longer than ${limits.privateMetadata}`);
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: metadata,
    title: plainText(title, limits.viewTitle),
    submit: plainText(title, limits.viewTitle),
    close: plainText('Go back', limits.viewTitle),
    blocks: [
      {
        type: 'input',
        block_id: blockId,
        label: plainText('Reason', 48),
        hint: plainText('Visible to everyone who follows this run.', 150),
        element: {
          type: 'plain_text_input',
          action_id: actionId,
          multiline: true,
          min_length: 1,
          max_length: maxReason,
          focus_on_load: true,
        },
      },
    ],
  };
};

const renderResult = (card: Card): ModalView => ({
  type: 'modal',
  title: plainText(card.title, limits.viewTitle),
  close: plainText('Close', limits.viewTitle),
  blocks: renderCard({ ...card, buttons: [] }).blocks,
});

const getReason = (view: ViewOutput): string => (view.state.values[blockId]?.[actionId]?.value ?? '').trim();

/** A result that the person must not miss stays in the dialog; any other goes to the conversation. */
const mustBeSeen = ({ outcome }: Reply): boolean => outcome === 'refused' || outcome === 'unconfirmed';

export const registerReasonDialog = (app: App, deps: ListenerDeps): void => {
  const { dispatch, resolveUser, respond, publishHome, replyTimeoutMs } = deps;
  app.view(callbackId, async ({ body, view, ack }) => {
    const context = parseContext(view.private_metadata);
    if (context === null) {
      const { card } = toErrorReply(
        new UserError('This dialog is outdated. Nothing was decided.', { hint: 'Click the button again.' }),
      );
      await ack({ response_action: 'update', view: renderResult(card) });
      return;
    }
    const reason = getReason(view);
    if (reason === '') {
      await ack({ response_action: 'errors', errors: { [blockId]: 'Enter a reason.' } });
      return;
    }
    const { command, args, digest, channel, thread } = context;
    const user = body.user.id;
    const target = { user, channel, responseUrl: null, threadTs: thread };
    const reply = await dispatch({
      idempotencyKey: `slack-${view.id}`,
      command,
      args: `${args} ${reason}`,
      ...(digest === undefined ? {} : { digest }),
      resolveActor: () => resolveUser(user),
      conversation: toConversation(channel ?? user),
      deadline: Date.now() + replyTimeoutMs,
      deliverDeferredReply: (late) => respond(target, late),
    });
    if (mustBeSeen(reply)) await ack({ response_action: 'update', view: renderResult(reply.card) });
    else {
      await ack();
      await respond(target, reply);
    }
    if (channel === null) await publishHome(user);
  });
};
