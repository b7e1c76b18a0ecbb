import { randomUUID } from 'node:crypto';
import type { FakePerson } from './fake-people.ts';
import type { FakeTeams } from './fake-teams.ts';

/** Where a message is sent. */
export interface Where {
  readonly kind: 'channel' | 'personal' | 'groupChat';
  readonly id?: string;
  /** A channel's thread: the id of its first message. */
  readonly threadId?: string;
}

export interface InvokeOptions {
  readonly replyToId?: string;
  readonly trigger?: 'manual' | 'automatic';
  readonly where?: Where;
  readonly id?: string;
}

export interface RawOptions {
  /** A token instead of the Bot Connector's. */
  readonly token?: string;
  /** The whole header instead; null for none. */
  readonly authorization?: string | null;
}

type World = Pick<FakeTeams, 'config' | 'serviceUrl' | 'channel' | 'team' | 'token'>;

const inChannel: Where = { kind: 'channel' };
let last = 1_800_000_000_000;
const nextId = (): string => {
  last += 1;
  return String(last);
};

/** Sends the bot what Teams would send, over real HTTP. */
export const createTeamsRequests = (url: string, teams: World) => {
  const { appId, tenants } = teams.config;
  const bot = { id: `28:${appId}`, name: 'Quarterdeck' };
  let usual: Promise<string> | undefined;

  const conversationOf = ({ kind, id, threadId }: Where, person: FakePerson, messageId: string) => {
    const ids = {
      channel: `${id ?? teams.channel};messageid=${threadId ?? messageId}`,
      groupChat: id ?? '19:group0123456789abcdef@thread.v2',
      personal: id ?? `a:1chat-of-${person.aadObjectId}`,
    };
    return {
      id: ids[kind],
      conversationType: kind,
      tenantId: tenants[0],
      ...(kind === 'personal' ? {} : { isGroup: true }),
    };
  };

  const channelDataOf = ({ kind, id }: Where) => {
    const tenant = { id: tenants[0] };
    if (kind !== 'channel') return { tenant };
    const channel = id ?? teams.channel;
    return {
      teamsChannelId: channel,
      teamsTeamId: teams.team,
      channel: { id: channel },
      team: { id: teams.team },
      tenant,
    };
  };

  const activity = (person: FakePerson, where: Where, over: object, id = nextId()) => ({
    id,
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl: teams.serviceUrl,
    from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
    conversation: conversationOf(where, person, id),
    recipient: bot,
    channelData: channelDataOf(where),
    locale: 'en-US',
    ...over,
  });

  const messageActivity = (person: FakePerson, text: string, where: Where = inChannel, over: object = {}) => {
    const at = `<at>${bot.name}</at>`;
    const personal = where.kind === 'personal';
    const mention = { type: 'mention', mentioned: bot, text: at };
    const client = { type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web' };
    return activity(person, where, {
      type: 'message',
      textFormat: 'plain',
      text: personal ? text : `${at} ${text}`,
      entities: personal ? [client] : [mention, client],
      ...over,
    });
  };

  const raw = async (body: unknown, { token, authorization }: RawOptions = {}): Promise<Response> => {
    usual ??= teams.token();
    const header = authorization === undefined ? `Bearer ${token ?? (await usual)}` : authorization;
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(header === null ? {} : { authorization: header }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  };

  return {
    activity,
    messageActivity,
    raw,
    message: (person: FakePerson, text: string, where?: Where, over?: object): Promise<Response> =>
      raw(messageActivity(person, text, where, over)),

    invoke: (
      person: FakePerson,
      { verb, data }: { readonly verb?: unknown; readonly data?: unknown },
      { replyToId, trigger = 'manual', where = inChannel, id }: InvokeOptions = {},
    ): Promise<Response> => {
      const value = { action: { type: 'Action.Execute', title: 'Button', verb, data }, trigger };
      const over = {
        type: 'invoke',
        name: 'adaptiveCard/action',
        value,
        ...(replyToId ? { replyToId } : {}),
      };
      return raw(activity(person, where, over, id ?? `f:${randomUUID()}`));
    },

    /** The app was added to a chat or team, or taken away. */
    install: (where: Where, action: 'add' | 'remove', person?: FakePerson): Promise<Response> => {
      const by = person ?? { id: '29:admin', aadObjectId: randomUUID(), name: '', email: '', role: 'user' };
      const sent = activity(by, where, { type: 'installationUpdate', action });
      const id = sent.conversation.id.split(';', 1)[0];
      return raw({ ...sent, conversation: { ...sent.conversation, id } });
    },
  };
};
