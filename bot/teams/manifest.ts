import type { TeamsManifestV1D24 } from '@microsoft/app-manifest';
import type { CommandSpec } from '../commands/spec.ts';

/** What differs from one installation to the next. */
export interface TeamsApp {
  /** The bot's Microsoft app id; the Teams app has the same. */
  readonly appId: string;
  /** The host of the bot's public address. */
  readonly domain: string;
  /** Teams takes a changed package only under a higher version. */
  readonly version: string;
}

/** Stands in the repository; `npm run teams:package` puts your own in its place. */
export const exampleApp: TeamsApp = {
  appId: '00000000-0000-0000-0000-000000000000',
  domain: 'quarterdeck.example.com',
  version: '0.1.0',
};

const scopes: ('personal' | 'team' | 'groupChat')[] = ['personal', 'team', 'groupChat'];

/** Clients cut longer texts, and clouds with older schemas refuse them. */
const longest = { title: 32, description: 128 };
const mostCommands = 12;

const commandOf = ({ name, description }: CommandSpec) => {
  if (name.length > longest.title || description.length > longest.description)
    throw new Error(
      `making the Teams manifest: ${name} or its description is too long; Teams shows ${longest.title} and ${longest.description} characters`,
    );
  return { title: name, description };
};

const listed = (commands: readonly CommandSpec[]) => {
  if (commands.length > mostCommands)
    throw new Error(
      `making the Teams manifest: Teams lists ${mostCommands} commands and there are ${commands.length}; choose which to leave out`,
    );
  return commands.map(commandOf);
};

/**
 * The Teams app as data. It asks for no permission: Teams sends a bot the messages that name it and the
 * presses of its own cards, and the Bot Connector tells who a member of the conversation is.
 */
export const createTeamsManifest = (commands: readonly CommandSpec[], { appId, domain, version }: TeamsApp) =>
  ({
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.24/MicrosoftTeams.schema.json',
    manifestVersion: '1.24',
    version,
    id: appId,
    developer: {
      name: 'Quarterdeck',
      websiteUrl: `https://${domain}/`,
      privacyUrl: `https://${domain}/`,
      termsOfUseUrl: `https://${domain}/`,
    },
    name: { short: 'Quarterdeck', full: 'Quarterdeck: deployments from chat' },
    description: {
      short: 'Deploy from chat: one message per run, and the plan before it is applied',
      full:
        'Deploy a service with a word, follow the run in one message, and approve or deny its Terraform plan ' +
        'where you talk about it. Name the bot in a channel or group chat, or write to it alone; "help" shows ' +
        'what you can type and what you may deploy.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1f2a37',
    bots: [
      {
        botId: appId,
        scopes,
        supportsFiles: false,
        supportsCalling: false,
        supportsVideo: false,
        isNotificationOnly: false,
        commandLists: [{ scopes, commands: listed(commands) }],
      },
    ],
    defaultInstallScope: 'team',
    defaultGroupCapability: { team: 'bot', groupchat: 'bot' },
    validDomains: [domain],
  }) satisfies TeamsManifestV1D24.TeamsManifestV1D24;
