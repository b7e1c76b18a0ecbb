import type { AppsManifestValidateArguments } from '@slack/web-api';
import type { CommandSpec } from '../commands/spec.ts';
import { eventsPath } from './config.ts';

/** Every scope that the app requests, and the reason: https://docs.slack.dev/reference/scopes */
export const botScopes = {
  commands: 'slash commands',
  'chat:write': 'cards, thread posts and replies',
  'chat:write.public': 'cards in public channels that the bot was not invited to',
  'users:read': 'whether a user is a member, a guest or a bot',
  'users:read.email': 'the work email, by which the catalog names approvers',
  'files:write': 'the full plan as a file in the thread',
  'app_mentions:read': 'commands in threads, where slash commands do not work',
  'channels:history': 'finding a message whose answer was lost before posting it again, in public channels',
  'groups:history': 'the same in private channels',
  'im:history': 'the same in direct messages with the bot',
} as const;

/** Every event that the app subscribes to: https://docs.slack.dev/reference/events */
export const botEvents = ['app_home_opened', 'app_mention'] as const;

const botScopeNames = Object.keys(botScopes) as (keyof typeof botScopes)[];

/** Slack's own type: an unknown scope, event or setting does not compile. */
type Manifest = Exclude<AppsManifestValidateArguments['manifest'], string>;

export type ManifestMode = 'http' | 'socket';

/** Slack rejects the whole manifest when a command has one of these names. https://slack.com/help/articles/201259356 */
export const reservedNames: ReadonlySet<string> = new Set([
  'away',
  'collapse',
  'dnd',
  'expand',
  'feed',
  'join',
  'leave',
  'me',
  'msg',
  'mute',
  'open',
  'pro',
  'remind',
  'search',
  'shortcuts',
  'shrug',
  'status',
  'topic',
  'who',
]);

/** To be replaced by the bot's public address. */
const exampleUrl = 'https://quarterdeck.example.com';

const otherNames: Readonly<Record<string, string>> = { status: 'deploy-status' };
/** `/deploy help` shows the help; a `/help` of ours would shadow other apps' help. */
const unregistered: ReadonlySet<string> = new Set(['help']);

const slashName = ({ name }: CommandSpec): string => {
  const chosen = otherNames[name] ?? name;
  if (reservedNames.has(chosen))
    throw new Error(
      `making the Slack manifest: /${chosen} is reserved by Slack; choose another name for ${name}`,
    );
  if (!/^[a-z0-9_-]{1,31}$/.test(chosen))
    throw new Error(
      `making the Slack manifest: /${chosen} is not a valid Slack command name (1-31 lowercase letters, digits, - or _)`,
    );
  return `/${chosen}`;
};

/** The Slack app manifest; the two modes differ only in how Slack reaches the bot. https://docs.slack.dev/reference/app-manifest */
export const createSlackManifest = (commands: readonly CommandSpec[], mode: ManifestMode) => {
  const url = mode === 'http' ? { url: `${exampleUrl}${eventsPath}` } : {};
  const request = mode === 'http' ? { request_url: `${exampleUrl}${eventsPath}` } : {};
  return {
    _metadata: { major_version: 2 },
    display_information: {
      name: 'Quarterdeck',
      description:
        'Deploy from chat: one message per run, with its plan to approve before anything is applied',
      background_color: '#1f2a37',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'quarterdeck', always_online: true },
      slash_commands: commands
        .filter(({ name }) => !unregistered.has(name))
        .map((command) => ({
          command: slashName(command),
          ...url,
          description: command.description.slice(0, 2000),
          ...(command.usage === '' ? {} : { usage_hint: command.usage.slice(0, 1000) }),
          should_escape: false,
        })),
    },
    oauth_config: { scopes: { bot: botScopeNames } },
    settings: {
      event_subscriptions: { ...request, bot_events: [...botEvents] },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: mode === 'socket',
      token_rotation_enabled: false,
    },
  } satisfies Manifest;
};
