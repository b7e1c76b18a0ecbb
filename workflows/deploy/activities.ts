import type { RetryPolicy } from '@temporalio/common';
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ChatActivities, DeployActivities } from '../contract/activities.ts';
import type { Limits } from '../limits.ts';
import type { Registered } from '../registered.ts';

type Deploying = Registered<DeployActivities>;

/** The activities of a deployment, grouped by how long they may take and how often they may be tried. */
export const createActivities = (limits: Limits) => {
  const retry = (maximumAttempts: number): RetryPolicy => ({
    maximumAttempts,
    initialInterval: limits.retryPause,
    backoffCoefficient: 3,
  });
  /** Runs a process: it heartbeats, and a cancellation waits until the process is gone. */
  const process = (startToCloseTimeout: `${number} minutes`, attempts: number) =>
    proxyActivities<Deploying>({
      startToCloseTimeout,
      heartbeatTimeout: limits.heartbeat,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      retry: retry(attempts),
    });
  /** Reads something small and says nothing meanwhile; a lost worker is noticed by this time alone. */
  const read = proxyActivities<Deploying>({ startToCloseTimeout: '1 minute', retry: retry(4) });
  const local = proxyLocalActivities<Deploying>({
    startToCloseTimeout: '30 seconds',
    retry: { initialInterval: limits.retryPause, maximumInterval: '1 minute' },
  });
  const chat = proxyActivities<Registered<ChatActivities>>({
    taskQueue: limits.chatQueue(),
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: limits.retryPause, maximumInterval: '1 minute' },
  });
  return {
    resolve_target: local.resolve_target,
    enter_environment: local.enter_environment,
    check_for_changes: process('10 minutes', 4).check_for_changes,
    refresh_repo: process('10 minutes', 4).refresh_repo,
    install_packages: process('10 minutes', 3).install_packages,
    perform_tests: process('30 minutes', 3).perform_tests,
    build_image: process('15 minutes', 3).build_image,
    terraform_plan: process('15 minutes', 3).terraform_plan,
    evaluate_policy: read.evaluate_policy,
    terraform_apply: process('60 minutes', 1).terraform_apply,
    terraform_output: process('10 minutes', 4).terraform_output,
    notify_users: chat.notify_users,
  };
};

export type Activities = ReturnType<typeof createActivities>;
