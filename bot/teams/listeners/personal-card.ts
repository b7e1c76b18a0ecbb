import type { Person } from '../../../workflows/contract/person.ts';
import type { Button, Card } from '../../cards/card.ts';
import type { LiveRun } from '../../cards/listed-run.ts';
import type { CardLinks } from '../../cards/run-buttons.ts';
import { runCard } from '../../cards/run-card.ts';
import { isOver } from '../../text/run-text.ts';
import { renderCard } from '../render/adaptive-card.ts';

const isKept = (button: Button, person: Person | null): boolean =>
  button.kind === 'link' || button.who === undefined || (person !== null && button.who.includes(person.id));

/** The card without the buttons that this person may not press. */
const viewFor = (card: Card, person: Person | null): Card => ({
  ...card,
  buttons: card.buttons.filter((button) => isKept(button, person)),
});

const isRestricted = (button: Button): boolean => button.kind === 'command' && button.who !== undefined;

/** A run's card for one person; Teams asks for it again by itself while their word is waited for. */
export const renderPersonalCard = (run: LiveRun, person: Person, userId: string, links: CardLinks) => {
  const card = viewFor(runCard(run, links), person);
  const userIds = card.buttons.some(isRestricted) ? [userId] : [];
  return renderCard(card, {
    viewer: 'decider',
    refresh: isOver(run) ? null : { userIds, run: run.view.workflowId },
  });
};
