import { setTimeout as pause } from 'node:timers/promises';
import type { Activity } from 'botbuilder';
import type { Logger } from '../../../runtime/logger.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Reply } from '../../platform/platform.ts';
import { getThreadId } from '../conversation.ts';
import type { ConversationReferences } from '../conversation-references.ts';
import type { Connector } from '../outbound/connector.ts';
import { renderMessage } from '../render/card.ts';

/** Answers where something was said; never throws. */
export type Respond = (turnActivity: Activity, reply: Reply) => Promise<void>;

const tries = 3;
const pauseMs = 2000;
/** Somebody waits, and so does the bot when it stops: an answer is not held back for longer. */
const maxPauseMs = 15_000;

/** How long to wait before another try; null when there shall be none. An answer told twice does no harm. */
const pauseAfter = (error: unknown): number | null => {
  if (!(error instanceof ChatError) || error.kind === 'permanent' || error.kind === 'not_found') return null;
  const wait = error.retryAfterMs ?? pauseMs;
  return wait <= maxPauseMs ? wait : null;
};

export const createRespond = (
  connector: Pick<Connector, 'send'>,
  references: Pick<ConversationReferences, 'find'>,
  logger: Logger,
): Respond => {
  const send = async (id: string, { card }: Reply): Promise<void> => {
    const message = renderMessage(card, { viewer: 'everybody', refresh: null });
    await connector.send(await references.find(id), message, {
      threadId: getThreadId(id),
      urgency: 'answer',
    });
  };

  return async ({ conversation }, reply) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(conversation.id, reply);
      } catch (error) {
        const wait = attempt < tries ? pauseAfter(error) : null;
        if (wait === null)
          return logger.error(
            { card: reply.card.title, error: String(error) },
            'an answer did not reach Teams',
          );
        await pause(wait);
      }
    }
  };
};
