import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  runLine(): Promise<readonly string[]>;
}

const { runLine: runLineActivity } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '20s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '100ms', maximumAttempts: 3 },
});

/** A workflow of one command, for tests. */
export const runLine = (): Promise<readonly string[]> => runLineActivity();
