import type { RetryPolicy } from '@temporalio/common';
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ChatActivities, RunActivities, TerraformActivities } from '../contract/activities.ts';
import type { Registered } from '../registered-activities.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

/** Activity proxies by duration and number of attempts. */
export const createProxies = (timeouts: WorkflowTimeouts) => {
  const retry = (maximumAttempts: number): RetryPolicy => ({
    maximumAttempts,
    initialInterval: timeouts.retryIntervalMs,
    backoffCoefficient: 3,
  });
  return {
    /** For activities that run a process: they heartbeat, and a cancellation waits until the process has exited. */
    process: <Activities extends object>(startToCloseTimeout: `${number} minutes`, attempts: number) =>
      proxyActivities<Registered<Activities>>({
        startToCloseTimeout,
        heartbeatTimeout: timeouts.heartbeatTimeoutMs,
        cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        retry: retry(attempts),
      }),
    /** For short reads without heartbeats; the timeout alone detects a lost worker. */
    read: <Activities extends object>() =>
      proxyActivities<Registered<Activities>>({ startToCloseTimeout: '1 minute', retry: retry(4) }),
    local: <Activities extends object>() =>
      proxyLocalActivities<Registered<Activities>>({
        startToCloseTimeout: '30 seconds',
        retry: { initialInterval: timeouts.retryIntervalMs, maximumInterval: '1 minute' },
      }),
  };
};

/** The activities of every kind of run: environment lock, Terraform, notifications. */
export const createRunActivities = (timeouts: WorkflowTimeouts) => {
  const { process, read, local } = createProxies(timeouts);
  const chat = proxyActivities<Registered<ChatActivities>>({
    taskQueue: timeouts.chatQueue(),
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: timeouts.retryIntervalMs, maximumInterval: '1 minute' },
  });
  return {
    enter_environment: local<RunActivities>().enter_environment,
    terraform_plan: process<TerraformActivities>('15 minutes', 3).terraform_plan,
    evaluate_policy: read<TerraformActivities>().evaluate_policy,
    terraform_apply: process<TerraformActivities>('60 minutes', 1).terraform_apply,
    terraform_output: process<TerraformActivities>('10 minutes', 4).terraform_output,
    notify_users: chat.notify_users,
  };
};

export type CommonActivities = ReturnType<typeof createRunActivities>;
