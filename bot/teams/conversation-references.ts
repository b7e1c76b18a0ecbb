import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import { z } from 'zod';
import type { PlatformStore } from '../platform/platform-factory.ts';
import type { TeamsConfig } from './config.ts';
import { withoutThread } from './conversation.ts';

const kinds = ['personal', 'groupChat', 'channel'] as const;

const stored = z.object({
  conversationId: z.string(),
  serviceUrl: z.string(),
  tenantId: z.string(),
  kind: z.enum(kinds),
  teamId: z.string().nullable(),
});

/** What it takes to say something in a conversation without being asked. */
export type ConversationReference = Readonly<z.output<typeof stored>>;

/** Where something came from, as far as we read it; the token was checked before. */
export interface Origin {
  readonly serviceUrl?: string;
  readonly conversation?: {
    readonly id?: string;
    readonly conversationType?: string;
    readonly tenantId?: string;
  };
  readonly channelData?: {
    readonly eventType?: string;
    readonly tenant?: { readonly id?: string };
    readonly team?: { readonly id?: string };
    readonly channel?: { readonly id?: string };
  };
}

export interface ConversationReferences {
  /** For every turn that was authenticated: the newest service URL wins. */
  remember(turnActivity: Origin): Promise<void>;
  /** The app was taken out of this chat or team; a team's channels go with it. */
  forget(turnActivity: Origin): Promise<void>;
  /** What is known of a conversation, else what is likely. */
  find(conversationId: string): Promise<ConversationReference>;
}

const keyOf = {
  conversation: (id: string) => `reference ${id}`,
  team: (id: string) => `team ${id}`,
  tenant: (id: string) => `tenant ${id}`,
} as const;

const guessKind = (id: string): ConversationReference['kind'] => {
  if (/@thread\.(tacv2|skype)$/.test(id)) return 'channel';
  return id.endsWith('@thread.v2') ? 'groupChat' : 'personal';
};

const isSame = (one: ConversationReference | undefined, other: ConversationReference): boolean =>
  one !== undefined && Object.keys(other).every((key) => Reflect.get(one, key) === Reflect.get(other, key));

const names = z.array(z.string()).catch([]);

export const createConversationReferences = (
  memory: PlatformStore,
  config: Pick<TeamsConfig, 'serviceHosts' | 'tenantId' | 'tenants'>,
): ConversationReferences => {
  const known = new LRUCache<string, ConversationReference>({ max: 5000 });
  // A team's list of channels is read and written back: one at a time.
  const writes = new PQueue({ concurrency: 1 });
  const ownTenant = config.tenantId?.toLowerCase() ?? config.tenants[0] ?? '';

  const recall = async (id: string): Promise<ConversationReference | undefined> => {
    const held = known.get(id);
    if (held !== undefined) return held;
    const { data } = stored.safeParse(await memory.get(keyOf.conversation(id)));
    // Meanwhile a newer one may have been written.
    const newest = known.get(id) ?? data;
    if (newest !== undefined) known.set(id, newest);
    return newest;
  };

  /** Clicks do not say everything that messages say: what is not said again stays as it was. */
  const read = (
    id: string,
    { serviceUrl = '', conversation, channelData }: Origin,
    before?: ConversationReference,
  ) => ({
    conversationId: id,
    serviceUrl,
    tenantId: (
      conversation?.tenantId ||
      channelData?.tenant?.id ||
      before?.tenantId ||
      ownTenant
    ).toLowerCase(),
    kind: kinds.find((kind) => kind === conversation?.conversationType) ?? before?.kind ?? guessKind(id),
    teamId: channelData?.team?.id ?? before?.teamId ?? null,
  });

  const channelsOf = async (teamId: string) => names.parse(await memory.get(keyOf.team(teamId)));

  const write = async (reference: ConversationReference): Promise<void> => {
    const { conversationId, teamId, tenantId, serviceUrl } = reference;
    await memory.set(keyOf.conversation(conversationId), reference);
    if (teamId !== null) {
      const channels = await channelsOf(teamId);
      if (!channels.includes(conversationId))
        await memory.set(keyOf.team(teamId), [...channels, conversationId]);
    }
    await memory.set(keyOf.tenant(tenantId), serviceUrl);
    known.set(conversationId, reference);
  };

  const drop = async (conversationId: string): Promise<void> => {
    known.delete(conversationId);
    await memory.delete(keyOf.conversation(conversationId));
  };

  const likely = async (conversationId: string): Promise<ConversationReference> => {
    const ofTenant = await memory.get(keyOf.tenant(ownTenant));
    const [host = 'smba.trafficmanager.net'] = config.serviceHosts;
    return {
      conversationId,
      serviceUrl: typeof ofTenant === 'string' ? ofTenant : `https://${host}/teams/`,
      tenantId: ownTenant,
      kind: guessKind(conversationId),
      teamId: null,
    };
  };

  return {
    async remember(turnActivity) {
      const id = withoutThread(turnActivity.conversation?.id ?? '');
      if (id === '' || !turnActivity.serviceUrl) return;
      const before = await recall(id);
      const reference = read(id, turnActivity, before);
      if (!isSame(before, reference)) await writes.add(() => write(reference));
    },

    async forget(turnActivity) {
      const { conversation, channelData } = turnActivity;
      const teamId = channelData?.team?.id;
      if (channelData?.eventType === 'channelDeleted')
        return writes.add(() => drop(channelData.channel?.id ?? ''));
      await writes.add(async () => {
        await drop(withoutThread(conversation?.id ?? ''));
        if (teamId === undefined) return;
        for (const channel of await channelsOf(teamId)) await drop(channel);
        await memory.delete(keyOf.team(teamId));
      });
    },

    async find(id) {
      const conversationId = withoutThread(id);
      return (await recall(conversationId)) ?? likely(conversationId);
    },
  };
};
