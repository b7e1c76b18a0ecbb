import type { TeamsManifestV1D24 } from '@microsoft/app-manifest';
import type { CommandSpec } from '../commands/spec.ts';

/** The values that differ between installations. */
export interface TeamsApp {
  /** The bot's MicrosoftAppId; the Teams app has the same ID. */
  readonly appId: string;
  /** The host of the bot's public address. */
  readonly domain: string;
  /** Teams accepts a changed package only with a higher version. */
  readonly version: string;
}

/** For the manifest in the repository; `npm run teams:package` makes one with your values. */
export const exampleApp: TeamsApp = {
  appId: '00000000-0000-0000-0000-000000000000',
  domain: 'quarterdeck.example.com',
  version: '0.1.0',
};

const scopes: ('personal' | 'team' | 'groupChat')[] = ['personal', 'team', 'groupChat'];

/**
 * Characters, and commands of a list. Older schemas allow no longer texts, and clients cut them.
 * https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema#botscommandlists
 */
const maxLength = { title: 32, description: 128 };
const maxCommands = 12;

const toListedCommand = ({ name, description }: CommandSpec) => {
  if (name.length > maxLength.title || description.length > maxLength.description)
    throw new Error(
      `making the Teams manifest: ${name} or its description is too long (limits ${maxLength.title} and ${maxLength.description} characters)`,
    );
  return { title: name, description };
};

const toCommandList = (commands: readonly CommandSpec[]) => {
  if (commands.length > maxCommands)
    throw new Error(
      `making the Teams manifest: ${commands.length} commands are too many (limit ${maxCommands}); remove some from the list`,
    );
  return commands.map(toListedCommand);
};

/**
 * The Teams app manifest. It requests no permission: Teams sends a bot the messages that mention it and
 * the clicks on its cards, and the Bot Connector returns the members of its conversations.
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
      short: 'Deploy from chat: one message per run, with its plan to approve',
      full:
        'Deploy a service with one command and follow the run in one message. Approve or deny its Terraform ' +
        'plan in the conversation. Mention the bot in a channel or group chat, or message it directly. Send ' +
        'help for the commands and for what you can deploy.',
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
        commandLists: [{ scopes, commands: toCommandList(commands) }],
      },
    ],
    defaultInstallScope: 'team',
    defaultGroupCapability: { team: 'bot', groupchat: 'bot' },
    validDomains: [domain],
  }) satisfies TeamsManifestV1D24.TeamsManifestV1D24;
