import { expect, test } from 'vitest';
import { ada } from '../testing/samples.ts';
import { createLockQueue } from './lock-queue.ts';

test('a fresh queue hears what was applied by a run that left while the holder was looked for', async () => {
  const nobody = { holder: null, waiting: [], applied: [], unfinished: false };
  const queue = createLockQueue(
    { name: 'web', environment: 'production', ...nobody },
    {
      find_holders: async () => [],
      find_open_runs: async () => ({ open: [], cutShort: [] }),
    },
  );
  await queue.findHolder(() => 'run-1');
  const applied = {
    workflowId: 'run-1',
    revision: 'c',
    digest: 'd',
    at: 1,
    requestedBy: ada,
    approvedBy: [],
  };
  queue.leave({ workflowId: 'run-1', applied, unfinished: false });
  expect(queue.state).toMatchObject({ holder: null, applied: [{ revision: 'c' }] });
});
