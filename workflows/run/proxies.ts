import type { RetryPolicy } from '@temporalio/common';
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ChatActivities, RunActivities, TerraformActivities } from '../contract/activities.ts';
import type { Registered } from '../registered-activities.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

/** Ways to call an activity, by how long it may take and how often it may be tried. */
export const createProxies = (limits: WorkflowTimeouts) => {
  const retry = (maximumAttempts: number): RetryPolicy => ({
    maximumAttempts,
    initialInterval: limits.retryIntervalMs,
    backoffCoefficient: 3,
  });
  return {
    /** Runs a process: it heartbeats, and a cancellation waits until the process is gone. */
    process: <Activities extends object>(startToCloseTimeout: `${number} minutes`, attempts: number) =>
      proxyActivities<Registered<Activities>>({
        startToCloseTimeout,
        heartbeatTimeout: limits.heartbeatTimeoutMs,
        cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        retry: retry(attempts),
      }),
    /** Reads something small and says nothing meanwhile; a lost worker is noticed by this time alone. */
    read: <Activities extends object>() =>
      proxyActivities<Registered<Activities>>({ startToCloseTimeout: '1 minute', retry: retry(4) }),
    local: <Activities extends object>() =>
      proxyLocalActivities<Registered<Activities>>({
        startToCloseTimeout: '30 seconds',
        retry: { initialInterval: limits.retryIntervalMs, maximumInterval: '1 minute' },
      }),
  };
};

/** What every run needs: its place in a queue, Terraform, and people who are told. */
export const createRunActivities = (limits: WorkflowTimeouts) => {
  const { process, read, local } = createProxies(limits);
  const chat = proxyActivities<Registered<ChatActivities>>({
    taskQueue: limits.chatQueue(),
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: limits.retryIntervalMs, maximumInterval: '1 minute' },
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
