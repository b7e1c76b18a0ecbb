import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { EnvironmentActivities } from '../contract/activities.ts';
import type { Limits } from '../limits.ts';
import type { Registered } from '../registered.ts';

export const createEnvironmentActivities = (limits: Limits) => {
  const { find_holders } = proxyActivities<Registered<EnvironmentActivities>>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: limits.retryPause, maximumInterval: '1 minute' },
  });
  // Asked every few seconds while somebody waits: a local activity costs one event instead of six.
  const { find_open_runs } = proxyLocalActivities<Registered<EnvironmentActivities>>({
    startToCloseTimeout: '20 seconds',
    retry: { initialInterval: limits.retryPause, maximumAttempts: 3 },
  });
  return { find_holders, find_open_runs };
};
