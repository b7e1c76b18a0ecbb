import type { Card } from '../../cards/card.ts';
import type { ConversationReference } from '../conversation-references.ts';
import type { FindMembers } from '../members.ts';

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
