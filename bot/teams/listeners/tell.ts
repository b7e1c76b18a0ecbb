import type { Activity } from 'botbuilder';
import type { Logger } from '../../../runtime/logger.ts';
import type { Reply } from '../../platform.ts';
import { threadOf } from '../conversation.ts';
import type { Connector } from '../outbound/connector.ts';
import type { References } from '../references.ts';
import { messageOf } from '../render/adaptive-card.ts';

/** Answers where something was said; never throws. */
export type Tell = (turnActivity: Activity, reply: Reply) => Promise<void>;

export const createTell =
  (connector: Pick<Connector, 'send'>, references: Pick<References, 'find'>, logger: Logger): Tell =>
  async ({ conversation }, { card }) => {
    try {
      const message = messageOf(card, { viewer: 'everybody', refresh: null });
      const threadId = threadOf(conversation.id);
      await connector.send(await references.find(conversation.id), message, { threadId, urgency: 'answer' });
    } catch (error) {
      logger.error({ card: card.title, error: String(error) }, 'an answer did not reach Teams');
    }
  };
