import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { DeployActivities } from '../../../workflows/contract/activities.ts';

export const stopSignal = defineSignal('stop');

/** Cancels a running apply, as a deployment does, and returns the failure that reaches it. */
export const stopping = async (input: Parameters<DeployActivities['terraformApply']>[0]) => {
  const { terraformApply } = proxyActivities<DeployActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumAttempts: 1 },
  });
  const scope = new CancellationScope();
  setHandler(stopSignal, () => scope.cancel());
  await condition(() => true);
  try {
    await scope.run(() => terraformApply(input));
    return 'applied';
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (cause instanceof ApplicationFailure) return { type: cause.type, details: cause.details?.[0] };
    return { type: cause instanceof Error ? cause.name : 'unknown' };
  }
};
