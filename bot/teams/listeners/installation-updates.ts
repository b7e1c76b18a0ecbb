import type { Activity } from 'botbuilder';
import type { Card } from '../../cards/card.ts';
import type { CommandSpec } from '../../commands/spec.ts';
import { createEventDedupe } from '../../platform/shared/incoming-request.ts';
import { type ListenerDeps, toIdempotencyKey } from './invocation.ts';

const maxExamples = 3;
const maxCommands = 12;

/** Short: `help` shows the rest, with the services of the current catalog. */
const welcomeCard = (
  { conversation, recipient }: Pick<Activity, 'conversation' | 'recipient'>,
  commands: readonly CommandSpec[],
): Card => {
  const isPersonal = conversation.conversationType === 'personal';
  const prefix = isPersonal ? '' : `@${recipient?.name || 'Quarterdeck'} `;
  const how = isPersonal ? 'Send me a command.' : 'Mention me with a command.';
  const summary = `${how} ${prefix}help shows all commands and what you can deploy.`;
  const examples = commands.filter(({ example }) => example !== '').slice(0, maxExamples);
  const names = commands.slice(0, maxCommands).map(({ name }) => name);
  return {
    kind: 'list',
    title: 'Deploy from this conversation',
    tone: 'neutral',
    summary,
    fields: [],
    sections: [
      { type: 'text', text: summary },
      {
        type: 'list',
        title: 'Examples',
        lines: examples.map(({ name, example }) => `${prefix}${name} ${example}`),
        more: null,
      },
      { type: 'text', text: `Commands: ${names.join(', ')}.` },
    ],
    buttons: [],
    footer: null,
  };
};

const removesBot = ({ recipient, membersRemoved }: Activity): boolean =>
  Boolean(recipient?.id) && (membersRemoved ?? []).some(({ id }) => id === recipient.id);

/** True when the bot was removed from the conversation or its team was deleted. */
export const isUninstall = (turnActivity: Activity): boolean => {
  const { type, action, channelData } = turnActivity;
  if (type === 'installationUpdate') return action === 'remove';
  return (
    type === 'conversationUpdate' && (removesBot(turnActivity) || channelData?.eventType === 'teamDeleted')
  );
};

/** Posts the welcome card once after an installation; an update of the app is not one. */
export const createOnInstallationUpdate = (
  { respond, pending }: Pick<ListenerDeps, 'respond' | 'pending'>,
  commands: readonly CommandSpec[],
) => {
  const isFirstDelivery = createEventDedupe();
  return (turnActivity: Activity): void => {
    if (turnActivity.type !== 'installationUpdate' || turnActivity.action !== 'add') return;
    if (!isFirstDelivery(toIdempotencyKey(turnActivity))) return;
    const card = welcomeCard(turnActivity, commands);
    void pending.add(() => respond(turnActivity, { card, outcome: 'listing', visibility: 'channel' }));
  };
};
