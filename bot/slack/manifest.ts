import type { AppsManifestValidateArguments } from '@slack/web-api';
import type { CommandSpec } from '../commands/spec.ts';
import { eventsPath } from './events-path.ts';
import { botEvents, botScopes } from './scopes.ts';

const botScopeNames = Object.keys(botScopes) as (keyof typeof botScopes)[];

/** Typed by Slack: an unknown scope, event or setting does not compile. */
type Manifest = Exclude<AppsManifestValidateArguments['manifest'], string>;

export type ManifestMode = 'http' | 'socket';

/** Slack refuses a manifest whole, with all its commands, when one of them has such a name. */
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

/** People put their own address here. */
const exampleAddress = 'https://quarterdeck.example.com';

const otherNames: Readonly<Record<string, string>> = { status: 'deploy-status' };
/** `/deploy help` says it; a `/help` of ours would be in the way of every other app's. */
const unregistered: ReadonlySet<string> = new Set(['help']);

const slashName = ({ name }: CommandSpec): string => {
  const chosen = otherNames[name] ?? name;
  if (reservedNames.has(chosen))
    throw new Error(`making the Slack manifest: /${chosen} is reserved by Slack; give ${name} another name`);
  if (!/^[a-z0-9_-]{1,31}$/.test(chosen))
    throw new Error(`making the Slack manifest: /${chosen} is not a name that Slack takes`);
  return `/${chosen}`;
};

/** The Slack app as data; the two modes differ only in how Slack reaches the bot. */
export const createSlackManifest = (commands: readonly CommandSpec[], mode: ManifestMode) => {
  const url = mode === 'http' ? { url: `${exampleAddress}${eventsPath}` } : {};
  const request = mode === 'http' ? { request_url: `${exampleAddress}${eventsPath}` } : {};
  return {
    _metadata: { major_version: 2 },
    display_information: {
      name: 'Quarterdeck',
      description: 'Deploy from chat: one message per run, and the plan before it is applied',
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
