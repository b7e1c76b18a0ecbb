import type { InvokeResponse } from 'botbuilder';

/** What a click is answered with, as Teams takes it. */
const answer = (status: number, type: string, value: unknown): InvokeResponse => ({
  status,
  body: { statusCode: status, type, value },
});

/** Words beside the card, which stays as it is. */
export const toMessageResponse = (words: string): InvokeResponse =>
  answer(200, 'application/vnd.microsoft.activity.message', words);

/** A card in the place of the one that was clicked, for the person who clicked alone. */
export const toCardResponse = (adaptiveCard: object): InvokeResponse =>
  answer(200, 'application/vnd.microsoft.card.adaptive', adaptiveCard);

export const toErrorResponse = (message: string): InvokeResponse =>
  answer(400, 'application/vnd.microsoft.error', { code: 'BadRequest', message });

/** Teams sends invokes of more kinds than we have use for. */
export const notImplemented: InvokeResponse = { status: 501 };
