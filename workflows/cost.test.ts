import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { approveApplyUpdate } from './contract/run-messages.ts';
import { ada } from './testing/samples.ts';
import { createTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  const workflows = new URL('./testing/default-timeout-workflows.ts', import.meta.url);
  world = await createTestWorld({ address: inject('temporalAddress'), workflows, stickyWait: '10s' });
});
afterAll(() => world.close());

test('a deployment costs at most 120 events and 80 kB of history', { timeout: 180_000 }, async () => {
  const run = await world.deploy(world.service());
  await world.until(run, 'awaiting_approval');
  await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
  await run.result();
  const { historyLength, historySize } = await run.describe();
  expect(historyLength).toBeLessThanOrEqual(120);
  expect(historySize).toBeLessThanOrEqual(80_000);
});
