import { pluralize, truncateMiddle } from '../text/plain-text.ts';
import type { Card, Section } from './card.ts';

/** A word that people can type. */
export interface HelpCommand {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly example: string;
}

/** A service that may be deployed, and where to. */
export interface HelpService {
  readonly name: string;
  readonly environments: readonly string[];
}

const servicesShown = 30;

const services = (known: readonly HelpService[] | null): Section => {
  if (known === null)
    return {
      type: 'text',
      text: 'The list of services cannot be read just now; a service can still be named.',
    };
  if (known.length === 0)
    return { type: 'text', text: 'The catalog names no service yet. Add one to quarterdeck.yaml.' };
  return {
    type: 'list',
    title: 'Services and where they can be deployed',
    lines: known
      .slice(0, servicesShown)
      .map(
        ({ name, environments }) =>
          `${truncateMiddle(name, 60)}: ${truncateMiddle(environments.join(', '), 200)}`,
      ),
    more:
      known.length > servicesShown
        ? `${pluralize(known.length - servicesShown, 'more', 'more')} not listed here`
        : null,
  };
};

const stackList = (stacks: readonly string[]): Section => ({
  type: 'list',
  title: 'Stacks that can be provisioned',
  lines: stacks.slice(0, servicesShown).map((stack) => truncateMiddle(stack, 60)),
  more:
    stacks.length > servicesShown
      ? `${pluralize(stacks.length - servicesShown, 'more', 'more')} not listed here`
      : null,
});

/** Usage, and what there is to deploy. */
export const helpCard = (
  words: readonly HelpCommand[],
  known: readonly HelpService[] | null,
  stacks: readonly string[] = [],
): Card => ({
  kind: 'list',
  title: 'What you can ask for',
  tone: 'neutral',
  summary: `You can type ${words.map(({ name }) => name).join(', ')}.`,
  fields: [],
  sections: [
    {
      type: 'list',
      title: 'Words',
      lines: words.map(({ name, usage, description }) => `${`${name} ${usage}`.trim()}: ${description}`),
      more: null,
    },
    {
      type: 'list',
      title: 'For example',
      lines: words.filter(({ example }) => example !== '').map(({ name, example }) => `${name} ${example}`),
      more: null,
    },
    services(known),
    ...(stacks.length === 0 ? [] : [stackList(stacks)]),
  ],
  buttons: [],
  footer: 'Every word also works after the first one: deploy status, deploy help.',
});
