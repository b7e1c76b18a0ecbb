import type { ProvisionActivities } from '../contract/activities.ts';
import { createProxies, createRunActivities } from '../run/proxies.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

/** The activities of a provision. */
export const createProvisionActivities = (timeouts: WorkflowTimeouts) => {
  const { process, local } = createProxies(timeouts);
  return {
    ...createRunActivities(timeouts),
    resolve_stack: local<ProvisionActivities>().resolve_stack,
    terraform_init: process<ProvisionActivities>('10 minutes', 4).terraform_init,
  };
};

export type ProvisionProxies = ReturnType<typeof createProvisionActivities>;
