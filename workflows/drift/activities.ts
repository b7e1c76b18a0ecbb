import { proxyActivities } from '@temporalio/workflow';
import type {
  ChatActivities,
  DriftActivities,
  EnvironmentActivities,
  ProvisionActivities,
} from '../contract/activities.ts';
import type { Limits } from '../limits.ts';
import type { Registered } from '../registered.ts';
import { createProxies } from '../run/proxies.ts';

/** The activities of a comparison. */
export const createDriftActivities = (limits: Limits) => {
  const { process, read, local } = createProxies(limits);
  const chat = proxyActivities<Registered<ChatActivities>>({
    taskQueue: limits.chatQueue(),
    startToCloseTimeout: '1 minute',
    // By then there is something newer to tell: the next comparison says how things stand.
    scheduleToCloseTimeout: limits.driftTelling,
    retry: { initialInterval: limits.retryPause, maximumInterval: '1 minute' },
  });
  return {
    resolve_stack: local<ProvisionActivities>().resolve_stack,
    find_holders: read<EnvironmentActivities>().find_holders,
    look_for_drift: process<DriftActivities>('15 minutes', 3).look_for_drift,
    report_drift: chat.report_drift,
  };
};

export type DriftProxies = ReturnType<typeof createDriftActivities>;
