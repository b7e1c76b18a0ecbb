import type { Logger } from '../../../runtime/logger.ts';
import type { Card } from '../../cards/card.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { parseMessageRef, toConversationId, toMessageRef } from '../conversation.ts';
import type { ConversationReference, ConversationReferences } from '../conversation-references.ts';
import type { FindMembers } from '../members.ts';
import { renderMessage } from '../render/card.ts';
import { maxMessageBytes } from '../render/limits.ts';
import type { Connector, OutgoingActivity } from './connector.ts';
import { isCardRejected, readTeamsError } from './teams-errors.ts';

/** Teams takes no more. */
const maxUsers = 60;

export interface Refresh {
  /** Those who get a view of their own, with the buttons that they alone may press. */
  readonly userIds: readonly string[];
  readonly run: string;
}

/** Who asks for a card again by themselves; null when the card is not an open run's. */
export const createFindRefresh =
  (idsOf: FindMembers) =>
  async (card: Card, reference: ConversationReference): Promise<Refresh | null> => {
    if (!card.run?.isOpen) return null;
    const run = card.run.workflowId;
    const emails = new Set(
      card.buttons.flatMap((button) => (button.kind === 'command' ? (button.who ?? []) : [])),
    );
    const people = (emails.size === 0 ? null : await idsOf(reference, [...emails])) ?? [];
    // Without a view for each of them, the buttons are shown to everybody.
    return { run, userIds: people.length > maxUsers ? [] : people.map(({ id }) => id) };
  };

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
