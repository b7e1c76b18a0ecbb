import type { Activity } from 'botbuilder';
import { z } from 'zod';

const maxIdLength = 1024;
const maxUrlLength = 2048;
const id = z.string().min(1).max(maxIdLength);
const account = z.looseObject({ id, name: z.string().optional(), aadObjectId: z.string().optional() });

/** The fields that Quarterdeck reads; the others pass unchanged. */
const activityShape = z.looseObject({
  type: z.string().min(1).max(100),
  id: id.optional(),
  name: z.string().optional(),
  channelId: z.string().optional(),
  serviceUrl: z.string().max(maxUrlLength).optional(),
  replyToId: z.string().max(maxIdLength).optional(),
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

/** null when a body is not an activity of Teams. */
export const readTurnActivity = (body: unknown): Activity | null => {
  const read = activityShape.safeParse(body);
  // Cast to the SDK's type: the SDK's own reader accepts malformed activities.
  return read.success ? (read.data as unknown as Activity) : null;
};

const tenantsShape = z.object({
  conversation: z.object({ tenantId: z.string().optional() }).optional(),
  channelData: z.object({ tenant: z.object({ id: z.string().optional() }).optional() }).optional(),
});

/** All tenants that an activity names, in lowercase; none when a tenant is malformed. */
export const getTenants = (turnActivity: object): readonly string[] => {
  const read = tenantsShape.safeParse(turnActivity);
  if (!read.success) return [];
  const { conversation, channelData } = read.data;
  return [conversation?.tenantId, channelData?.tenant?.id]
    .filter((tenant) => tenant !== undefined)
    .map((tenant) => tenant.toLowerCase());
};
