import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from 'botbuilder';
import type { Logger } from '../../../runtime/logger.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Reply } from '../../platform/platform.ts';
import { getThreadId } from '../conversation.ts';
import type { ConversationReferences } from '../conversation-references.ts';
import type { Connector } from '../outbound/connector.ts';
import { renderMessage } from '../render/card.ts';

/** Posts a reply to the conversation and thread of an activity; never throws. */
export type Respond = (turnActivity: Activity, reply: Reply) => Promise<void>;

const maxAttempts = 3;
const retryDelayMs = 2000;
/** A person waits, and so does the bot when it stops: a longer wait drops the reply. */
const maxDelayMs = 15_000;

/** Milliseconds until the next attempt; null for none. A reply that is posted twice does no harm. */
const getRetryDelay = (error: unknown): number | null => {
  if (!(error instanceof ChatError) || error.kind === 'permanent' || error.kind === 'not_found') return null;
  const delayMs = error.retryAfterMs ?? retryDelayMs;
  return delayMs <= maxDelayMs ? delayMs : null;
};

export const createRespond = (
  connector: Pick<Connector, 'send'>,
  references: Pick<ConversationReferences, 'find'>,
  logger: Logger,
): Respond => {
  const send = async (conversationId: string, { card }: Reply): Promise<void> => {
    const message = renderMessage(card, { viewer: 'everyone', refresh: null });
    await connector.send(await references.find(conversationId), message, {
      threadId: getThreadId(conversationId),
      priority: 'answer',
    });
  };

  return async ({ conversation }, reply) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(conversation.id, reply);
      } catch (error) {
        const delayMs = attempt < maxAttempts ? getRetryDelay(error) : null;
        if (delayMs === null)
          return logger.error(
            { card: reply.card.title, reason: String(error) },
            'a reply did not reach Teams',
          );
        await sleep(delayMs);
      }
    }
  };
};
