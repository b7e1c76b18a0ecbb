import type { CommandSpec } from '../bot/commands/spec.ts';

/** Commands that the CLI runs itself. */
const localCommands: readonly CommandSpec[] = [
  {
    name: 'audit',
    usage: '<id>',
    description: 'list who did what in a run, oldest first',
    example: '3f2a91',
  },
  {
    name: 'connection-test',
    usage: '',
    description: 'connect to Temporal and list its namespaces',
    example: '',
  },
  {
    name: 'doctor',
    usage: '',
    description: 'check the installation and suggest fixes',
    example: '',
  },
];

const toLines = ({ name, usage, description }: CommandSpec): string =>
  `  ${`${name} ${usage}`.trim()}\n      ${description}`;

/** The help of the CLI: the chat commands and its own. */
export const createUsage = (chatCommands: readonly CommandSpec[]): string =>
  `Usage: npm run cli -- <command> [--as <email>]

Chat commands, run by the bot:
${chatCommands.map(toLines).join('\n')}

Commands for the installation:
${localCommands.map(toLines).join('\n')}

Without --as, the CLI uses the email from \`git config user.email\`.`;
