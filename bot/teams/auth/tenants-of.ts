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
