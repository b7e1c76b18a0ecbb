import { expect, test } from 'vitest';
import { ada } from '../testing/samples.ts';
import { LockQueue } from './lock-queue.ts';

test('a new queue keeps the result of a run that released the lock while the queue looked for its holder', async () => {
  const free = { holder: null, waiting: [], applied: [], unfinished: false };
  const queue = new LockQueue(
    { name: 'web', environment: 'production', ...free },
    {
      find_holders: async () => [],
      find_open_runs: async () => ({ open: [], cutShort: [] }),
    },
  );
  await queue.recoverHolder(() => 'run-1');
  const applied = {
    workflowId: 'run-1',
    revision: 'c',
    digest: 'd',
    at: 1,
    requestedBy: ada,
    approvedBy: [],
  };
  queue.release({ workflowId: 'run-1', applied, unfinished: false });
  expect(queue.state).toMatchObject({ holder: null, applied: [{ revision: 'c' }] });
});
