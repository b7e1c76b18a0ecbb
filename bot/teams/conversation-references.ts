import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import { z } from 'zod';
import type { PlatformStore } from '../platform/platform-factory.ts';
import type { TeamsConfig } from './config.ts';
import { withoutThread } from './conversation.ts';

const kinds = ['personal', 'groupChat', 'channel'] as const;

// The store keeps references of earlier versions: these names stay.
const storedReference = z.object({
  conversationId: z.string(),
  serviceUrl: z.string(),
  tenantId: z.string(),
  kind: z.enum(kinds),
  teamId: z.string().nullable(),
});

/** What a message needs to reach a conversation without a preceding one from Teams. */
export type ConversationReference = Readonly<z.output<typeof storedReference>>;

/** The fields of an authenticated activity that make a reference. */
export interface ActivityOrigin {
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
  /** Stores the origin of each authenticated activity: the latest service URL wins. */
  remember(turnActivity: ActivityOrigin): Promise<void>;
  /** Deletes a chat or a team, with its channels, after the app was removed from it. */
  forget(turnActivity: ActivityOrigin): Promise<void>;
  /** The stored reference, else the most likely one. */
  find(conversationId: string): Promise<ConversationReference>;
}

const storeKeys = {
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
  store: PlatformStore,
  config: Pick<TeamsConfig, 'serviceHosts' | 'tenantId' | 'tenants'>,
): ConversationReferences => {
  const known = new LRUCache<string, ConversationReference>({ max: 5000 });
  // A team's list of channels is read and written back, so writes run one at a time.
  const writes = new PQueue({ concurrency: 1 });
  const ownTenant = config.tenantId?.toLowerCase() ?? config.tenants[0] ?? '';

  const load = async (id: string): Promise<ConversationReference | undefined> => {
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const { data } = storedReference.safeParse(await store.get(storeKeys.conversation(id)));
    // A newer reference may have been written during the read.
    const latest = known.get(id) ?? data;
    if (latest !== undefined) known.set(id, latest);
    return latest;
  };

  /** Clicks carry fewer fields than messages: a missing field keeps its stored value. */
  const toReference = (
    id: string,
    { serviceUrl = '', conversation, channelData }: ActivityOrigin,
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

  const channelsOf = async (teamId: string) => names.parse(await store.get(storeKeys.team(teamId)));

  const write = async (reference: ConversationReference): Promise<void> => {
    const { conversationId, teamId, tenantId, serviceUrl } = reference;
    await store.set(storeKeys.conversation(conversationId), reference);
    if (teamId !== null) {
      const channels = await channelsOf(teamId);
      if (!channels.includes(conversationId))
        await store.set(storeKeys.team(teamId), [...channels, conversationId]);
    }
    await store.set(storeKeys.tenant(tenantId), serviceUrl);
    known.set(conversationId, reference);
  };

  const remove = async (conversationId: string): Promise<void> => {
    known.delete(conversationId);
    await store.delete(storeKeys.conversation(conversationId));
  };

  const guess = async (conversationId: string): Promise<ConversationReference> => {
    const serviceUrl = await store.get(storeKeys.tenant(ownTenant));
    const [host = 'smba.trafficmanager.net'] = config.serviceHosts;
    return {
      conversationId,
      serviceUrl: typeof serviceUrl === 'string' ? serviceUrl : `https://${host}/teams/`,
      tenantId: ownTenant,
      kind: guessKind(conversationId),
      teamId: null,
    };
  };

  return {
    async remember(turnActivity) {
      const id = withoutThread(turnActivity.conversation?.id ?? '');
      if (id === '' || !turnActivity.serviceUrl) return;
      const before = await load(id);
      const reference = toReference(id, turnActivity, before);
      if (!isSame(before, reference)) await writes.add(() => write(reference));
    },

    async forget(turnActivity) {
      const { conversation, channelData } = turnActivity;
      const teamId = channelData?.team?.id;
      if (channelData?.eventType === 'channelDeleted')
        return writes.add(() => remove(channelData.channel?.id ?? ''));
      await writes.add(async () => {
        await remove(withoutThread(conversation?.id ?? ''));
        if (teamId === undefined) return;
        for (const channel of await channelsOf(teamId)) await remove(channel);
        await store.delete(storeKeys.team(teamId));
      });
    },

    async find(id) {
      const conversationId = withoutThread(id);
      return (await load(conversationId)) ?? guess(conversationId);
    },
  };
};
