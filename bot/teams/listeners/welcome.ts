import type { Activity } from 'botbuilder';
import type { Card } from '../../cards/card.ts';
import type { CommandSpec } from '../../commands/spec.ts';

const wordsShown = 12;

/** Short: the word help tells the rest, as the catalog then is. */
export const welcomeCard = (
  { conversation, recipient }: Pick<Activity, 'conversation' | 'recipient'>,
  commands: readonly CommandSpec[],
): Card => {
  const alone = conversation.conversationType === 'personal';
  const before = alone ? '' : `@${recipient?.name || 'Quarterdeck'} `;
  const how = alone ? 'Type what you want' : 'Mention me with what you want';
  const examples = commands.filter(({ example }) => example !== '').slice(0, 3);
  return {
    kind: 'list',
    title: 'Deployments, from here',
    tone: 'neutral',
    summary: `${how}; ${before}help says what there is to deploy.`,
    fields: [],
    sections: [
      { type: 'text', text: `${how}; ${before}help says what there is to deploy.` },
      {
        type: 'list',
        title: 'For example',
        lines: examples.map(({ name, example }) => `${before}${name} ${example}`),
        more: null,
      },
      {
        type: 'text',
        text: `Words: ${commands
          .slice(0, wordsShown)
          .map(({ name }) => name)
          .join(', ')}.`,
      },
    ],
    buttons: [],
    footer: null,
  };
};
