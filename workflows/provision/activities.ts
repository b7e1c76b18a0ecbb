import type { ProvisionActivities } from '../contract/activities.ts';
import type { Limits } from '../limits.ts';
import { createProxies, createRunActivities } from '../run/proxies.ts';

/** The activities of a provision. */
export const createProvisionActivities = (limits: Limits) => {
  const { process, local } = createProxies(limits);
  return {
    ...createRunActivities(limits),
    resolve_stack: local<ProvisionActivities>().resolve_stack,
    terraform_init: process<ProvisionActivities>('10 minutes', 4).terraform_init,
  };
};

export type ProvisionProxies = ReturnType<typeof createProvisionActivities>;
