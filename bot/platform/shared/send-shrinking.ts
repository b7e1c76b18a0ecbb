import type { Logger } from '../../../runtime/logger.ts';

export interface ShrinkingSend<Message, Result> {
  /** The card's title, for the log. */
  readonly title: string;
  /** From the full card to its plainest form; each is made only when the one before was rejected. */
  readonly renderings: readonly [() => Message, ...(() => Message)[]];
  readonly send: (message: Message) => Promise<Result>;
  /** Whether the chat rejected the message for its size or its form, so that a smaller one may pass. */
  readonly isRejected: (error: unknown) => boolean;
  readonly logger: Logger;
}

/**
 * Sends the largest rendering of a card that the chat accepts. The chats count bytes in ways that they
 * do not document, so a card inside our own limit can still be rejected. Rejects with the error of the
 * last attempt.
 */
export const sendShrinking = async <Message, Result>(
  options: ShrinkingSend<Message, Result>,
): Promise<Result> => {
  const { title, renderings, send, isRejected, logger } = options;
  const [first, ...smaller] = renderings;
  let render = first;
  for (;;) {
    try {
      return await send(render());
    } catch (error) {
      const next = smaller.shift();
      if (next === undefined || !isRejected(error)) throw error;
      logger.error({ title, reason: String(error) }, 'the chat rejected a card; sending a smaller one');
      render = next;
    }
  }
};
