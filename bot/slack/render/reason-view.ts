import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Card } from '../../cards/card.ts';
import { truncateEnd } from '../../text/plain-text.ts';
import { renderBlocks } from './blocks.ts';
import { limits } from './limits.ts';

export const reasonCallback = 'reason';
export const reasonBlock = 'reason';
export const reasonAction = 'reason-text';

const maxReason = 500;

const carried = z.object({
  command: z.string(),
  args: z.string(),
  digest: z.string().exactOptional(),
  channel: z.string().nullable(),
  thread: z.string().nullable(),
});

/** What the window must still know when it is sent. */
export type ReasonContext = z.infer<typeof carried>;

export const readReasonContext = (metadata: string): ReasonContext | null => {
  try {
    return carried.parse(JSON.parse(metadata));
  } catch {
    // Not a window of ours, or of another version: the caller says so to the person.
    return null;
  }
};

const plainText = (text: string, limit: number) =>
  ({ type: 'plain_text', text: truncateEnd(text, limit), emoji: false }) as const;

/** Asks for the reason of a decision. */
export const reasonView = (title: string, context: ReasonContext): ModalView => {
  const metadata = JSON.stringify(context);
  if (metadata.length > limits.privateMetadata)
    throw new Error(`opening the window “${title}”: what it must carry is too long`);
  return {
    type: 'modal',
    callback_id: reasonCallback,
    private_metadata: metadata,
    title: plainText(title, limits.viewTitle),
    submit: plainText(title, limits.viewTitle),
    close: plainText('Go back', limits.viewTitle),
    blocks: [
      {
        type: 'input',
        block_id: reasonBlock,
        label: plainText('Reason', 48),
        hint: plainText('Everybody who follows this run will read it.', 150),
        element: {
          type: 'plain_text_input',
          action_id: reasonAction,
          multiline: true,
          min_length: 1,
          max_length: maxReason,
          focus_on_load: true,
        },
      },
    ],
  };
};

/** What became of it, where it was not what the person wanted. */
export const answerView = (card: Card): ModalView => ({
  type: 'modal',
  title: plainText(card.title, limits.viewTitle),
  close: plainText('Close', limits.viewTitle),
  blocks: renderBlocks({ ...card, buttons: [] }).blocks,
});
