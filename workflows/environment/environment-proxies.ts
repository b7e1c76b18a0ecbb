import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { EnvironmentActivities } from '../contract/activities.ts';
import type { Registered } from '../registered-activities.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

export const createEnvironmentActivities = (timeouts: WorkflowTimeouts) => {
  const { find_holders } = proxyActivities<Registered<EnvironmentActivities>>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: timeouts.retryIntervalMs, maximumInterval: '1 minute' },
  });
  // Asked every few seconds while somebody waits: a local activity costs one event instead of six.
  const { find_open_runs } = proxyLocalActivities<Registered<EnvironmentActivities>>({
    startToCloseTimeout: '20 seconds',
    retry: { initialInterval: timeouts.retryIntervalMs, maximumAttempts: 3 },
  });
  return { find_holders, find_open_runs };
};
