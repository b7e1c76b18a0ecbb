import type { Logger } from '../../../runtime/logger.ts';
import type { Card } from '../../cards/card.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { sendShrinking } from '../../platform/shared/send-shrinking.ts';
import { parseMessageRef, toConversationId, toMessageRef } from '../conversation.ts';
import type { ConversationReference, ConversationReferences } from '../conversation-references.ts';
import type { FindMembers } from '../members.ts';
import { type RenderOptions, renderMessage, toPlainCard } from '../render/card.ts';
import { maxMessageBytes, maxRefreshUsers } from '../render/limits.ts';
import type { Connector, OutgoingActivity } from './connector.ts';
import { isCardRejected, readTeamsError } from './teams-errors.ts';

export interface PostingDeps {
  readonly connector: Connector;
  readonly references: Pick<ConversationReferences, 'find'>;
  readonly findMembers: FindMembers;
  readonly logger: Logger;
}

const isRejected = (error: unknown): boolean =>
  isCardRejected(readTeamsError(error instanceof ChatError ? error.cause : error));

export const createCardPosting = (deps: PostingDeps): Pick<Platform, 'post' | 'edit'> => {
  const { connector, references, findMembers, logger } = deps;

  /** Whose clients ask for a personal view of a card; null unless the card shows an open run. */
  const findRefresh = async (
    { run, buttons }: Card,
    reference: ConversationReference,
  ): Promise<NonNullable<RenderOptions['refresh']> | null> => {
    if (!run?.isOpen) return null;
    const emails = new Set(
      buttons.flatMap((button) => (button.kind === 'command' ? (button.who ?? []) : [])),
    );
    const people = (emails.size === 0 ? null : await findMembers(reference, [...emails])) ?? [];
    // Without a personal view for each approver, everyone sees the buttons.
    return {
      run: run.workflowId,
      userIds: people.length > maxRefreshUsers ? [] : people.map(({ id }) => id),
    };
  };

  const send = async <T>(
    card: Card,
    reference: ConversationReference,
    message: (activity: OutgoingActivity) => Promise<T>,
  ): Promise<T> => {
    const options = { viewer: 'everyone', refresh: await findRefresh(card, reference) } as const;
    return sendShrinking({
      title: card.title,
      renderings: [
        () => renderMessage(card, options),
        () => renderMessage(card, { ...options, maxBytes: maxMessageBytes / 2 }),
        () => renderMessage(toPlainCard(card), options),
      ],
      send: message,
      isRejected,
      logger,
    });
  };

  return {
    // Teams has no search for a bot's messages, so a message whose answer was lost is posted again.
    async post(to, card) {
      const reference = await references.find(toConversationId(to));
      const message = await send(card, reference, (activity) =>
        reference.kind === 'channel'
          ? connector.newThread(reference, activity)
          : connector.send(reference, activity, { priority: 'card' }),
      );
      return toMessageRef(message);
    },

    async edit(ref, card) {
      const message = parseMessageRef(ref);
      const reference = await references.find(message.conversationId);
      await send(card, reference, (activity) => connector.edit(message, reference, activity));
    },
  };
};
