import type { Activity } from 'botbuilder';
import { z } from 'zod';

const shape = z.object({
  conversation: z.object({ tenantId: z.string().optional() }).optional(),
  channelData: z.object({ tenant: z.object({ id: z.string().optional() }).optional() }).optional(),
});

/** Every tenant that an activity names, in lower case; what is there and no word counts as one that is not allowed. */
export const getTenants = (turnActivity: object): readonly string[] => {
  const read = shape.safeParse(turnActivity);
  if (!read.success) return [];
  const { conversation, channelData } = read.data;
  return [conversation?.tenantId, channelData?.tenant?.id]
    .filter((tenant) => tenant !== undefined)
    .map((tenant) => tenant.toLowerCase());
};

const maxId = 1024;
const id = z.string().min(1).max(maxId);
const account = z.looseObject({ id, name: z.string().optional(), aadObjectId: z.string().optional() });

/** The few fields that are read; the rest is passed on as it came. */
const shape = z.looseObject({
  type: z.string().min(1).max(100),
  id: id.optional(),
  name: z.string().optional(),
  channelId: z.string().optional(),
  serviceUrl: z.string().max(2048).optional(),
  replyToId: z.string().max(maxId).optional(),
  text: z.string().nullish(),
  from: account.optional(),
  recipient: account.optional(),
  conversation: z.looseObject({
    id,
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
  }),
  channelData: z
    .looseObject({
      tenant: z.looseObject({ id: z.string().optional() }).optional(),
      team: z.looseObject({ id: z.string().optional() }).nullish(),
      channel: z.looseObject({ id: z.string().optional() }).nullish(),
    })
    .optional(),
  entities: z.array(z.looseObject({ type: z.string() })).nullish(),
});

/** null when it is not what Teams sends. */
export const readTurnActivity = (body: unknown): Activity | null => {
  const read = shape.safeParse(body);
  // Passed on as the SDK types it: its own reader would let through what it does not understand.
  return read.success ? (read.data as unknown as Activity) : null;
};
