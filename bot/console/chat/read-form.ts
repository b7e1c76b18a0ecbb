import type { Request } from 'express';
import { z } from 'zod';
import { HttpError } from '../security/http-error.ts';
import { consoleName, getConversationName, isConversationName, mainConversation } from './entry.ts';

const text = (most: number) => z.string().max(most);

const conversation = text(200)
  .optional()
  .transform((value) => {
    const ours = value?.startsWith(`${consoleName}:`) && isConversationName(getConversationName(value));
    return ours && value !== undefined ? value : mainConversation;
  });

/** Only a path of our own: a form must not send people elsewhere. */
const back = text(2000)
  .default('/')
  .transform((value) => (/^\/(?![/\\])[^\r\n]*$/.test(value) ? value : '/'));

const common = { as: text(300), back, conversation };

export const textForm = z.object({ ...common, nonce: text(100).min(8), words: text(10_000) });

export const actionForm = z.object({
  ...common,
  nonce: text(100).min(8),
  command: text(100).min(1),
  args: text(1000),
  digest: text(200).optional(),
  reason: text(4000).optional(),
});

export const switchUserForm = z.object({ back, person: text(300) });

/** Reads what a form sent; refuses what no form of ours sends. */
export const readForm = <Shape extends z.ZodRawShape>(
  form: z.ZodObject<Shape>,
  request: Request,
): z.output<z.ZodObject<Shape>> => {
  const read = form.safeParse(request.body ?? {});
  if (!read.success)
    throw new HttpError(400, 'That is not something that this page sends, so nothing was done.');
  return read.data;
};
