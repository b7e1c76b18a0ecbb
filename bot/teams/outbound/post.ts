import type { Logger } from '../../../runtime/logger.ts';
import type { Card } from '../../cards/card.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { parseMessageRef, toConversationId, toMessageRef } from '../conversation.ts';
import type { ConversationReference, ConversationReferences } from '../conversation-references.ts';
import type { FindMembers } from '../members.ts';
import { renderMessage } from '../render/adaptive-card.ts';
import { maxMessageBytes } from '../render/limits.ts';
import type { Connector, OutgoingActivity } from './connector.ts';
import { createFindRefresh } from './refresh.ts';
import { isCardRejected, readTeamsError } from './teams-error.ts';

export interface PostingDeps {
  readonly connector: Connector;
  readonly references: Pick<ConversationReferences, 'find'>;
  readonly members: { readonly idsOf: FindMembers };
  readonly logger: Logger;
}

/** The words and the buttons alone: what is left when Teams takes nothing better. */
const bare = (card: Card): Card => ({
  ...card,
  fields: [],
  sections: [{ type: 'text', text: card.summary }],
});

export const createCardPosting = (deps: PostingDeps): Pick<Platform, 'post' | 'edit'> => {
  const { connector, references, members, logger } = deps;
  const findRefresh = createFindRefresh(members.idsOf);

  /** A card that Teams finds too large or malformed is drawn smaller, and at last without ornament. */
  const drawing = async <T>(
    card: Card,
    reference: ConversationReference,
    send: (activity: OutgoingActivity) => Promise<T>,
  ): Promise<T> => {
    const options = { viewer: 'everybody', refresh: await findRefresh(card, reference) } as const;
    const drawings = [
      () => renderMessage(card, options),
      () => renderMessage(card, { ...options, maxBytes: maxMessageBytes / 2 }),
      () => renderMessage(bare(card), options),
    ];
    for (const [index, draw] of drawings.entries()) {
      try {
        return await send(draw());
      } catch (error) {
        const refusal = error instanceof ChatError ? error.cause : error;
        if (!isCardRejected(readTeamsError(refusal)) || index === drawings.length - 1) throw error;
        logger.error({ title: card.title, error: String(error) }, 'Teams refuses a card as it is drawn');
      }
    }
    throw new Error(`drawing “${card.title}”: no drawing left`);
  };

  return {
    // Teams has no way of looking for a message: one whose answer was lost is posted again.
    async post(to, card) {
      const reference = await references.find(toConversationId(to));
      const place = await drawing(card, reference, (activity) =>
        reference.kind === 'channel'
          ? connector.newThread(reference, activity)
          : connector.send(reference, activity, { urgency: 'card' }),
      );
      return toMessageRef(place);
    },

    async edit(ref, card) {
      const place = parseMessageRef(ref);
      const reference = await references.find(place.conversationId);
      await drawing(card, reference, (activity) => connector.edit(place, reference, activity));
    },
  };
};
