import { pluralize, truncateMiddle } from '../text/plain-text.ts';
import type { Card, Section } from './card.ts';

/** A command that people can type. */
export interface HelpCommand {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly example: string;
}

/** A service that can be deployed, and its environments. */
export interface HelpService {
  readonly name: string;
  readonly environments: readonly string[];
}

const servicesShown = 30;

const services = (known: readonly HelpService[] | null): Section => {
  if (known === null)
    return {
      type: 'text',
      text: 'The service list is unavailable. You can still type a service name.',
    };
  if (known.length === 0)
    return { type: 'text', text: 'The catalog has no services. Add one to quarterdeck.yaml.' };
  return {
    type: 'list',
    title: 'Services and their environments',
    lines: known
      .slice(0, servicesShown)
      .map(
        ({ name, environments }) =>
          `${truncateMiddle(name, 60)}: ${truncateMiddle(environments.join(', '), 200)}`,
      ),
    more:
      known.length > servicesShown
        ? `${pluralize(known.length - servicesShown, 'more', 'more')} not listed`
        : null,
  };
};

const stackList = (stacks: readonly string[]): Section => ({
  type: 'list',
  title: 'Stacks',
  lines: stacks.slice(0, servicesShown).map((stack) => truncateMiddle(stack, 60)),
  more:
    stacks.length > servicesShown
      ? `${pluralize(stacks.length - servicesShown, 'more', 'more')} not listed`
      : null,
});

/** The commands, and what can be deployed and provisioned. */
export const helpCard = (
  commands: readonly HelpCommand[],
  known: readonly HelpService[] | null,
  stacks: readonly string[] = [],
): Card => ({
  kind: 'list',
  title: 'Commands',
  tone: 'neutral',
  summary: `Commands: ${commands.map(({ name }) => name).join(', ')}.`,
  fields: [],
  sections: [
    {
      type: 'list',
      title: 'Usage',
      lines: commands.map(({ name, usage, description }) => `${`${name} ${usage}`.trim()}: ${description}`),
      more: null,
    },
    {
      type: 'list',
      title: 'Examples',
      lines: commands
        .filter(({ example }) => example !== '')
        .map(({ name, example }) => `${name} ${example}`),
      more: null,
    },
    services(known),
    ...(stacks.length === 0 ? [] : [stackList(stacks)]),
  ],
  buttons: [],
  footer: 'Commands also work after deploy: deploy status, deploy help.',
});
