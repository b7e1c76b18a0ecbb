import type { RunView } from '../../../workflows/contract/run-view.ts';
import { sampleStages, sampleTime, sampleView } from './sample-parts.ts';

export const failedTestsView = (index: number): RunView =>
  sampleView(index, {
    endedAt: sampleTime + 92_000,
    status: 'failed',
    stages: sampleStages('perform_tests', 'failed'),
    failure: {
      stage: 'perform_tests',
      type: 'TestsFailed',
      message: 'running the tests of web: 2 of 42 failed',
      hint: 'Fix the tests and deploy again, or retry if they are flaky.',
      tail: ['✗ answers 404', '  expected 404, received 500', '42 tests, 2 failed'],
      log: { key: 'total-build-x/tests.log', bytes: 5000, sha256: 'cd'.repeat(32) },
    },
    retryUntil: sampleTime + 3_600_000,
  });

export const failedLockView = (index: number): RunView =>
  sampleView(index, {
    endedAt: sampleTime + 12_000,
    status: 'failed',
    stages: sampleStages('terraform_plan', 'failed'),
    failure: {
      stage: 'terraform_plan',
      type: 'StateLocked',
      message: 'planning web in production: the state is locked by ada@laptop since 13:58',
      hint: 'Wait for that run to finish, or remove the lock, then retry.',
      tail: [],
      log: null,
    },
  });
