import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { approveApplyUpdate } from './contract/run-messages.ts';
import { ada } from './testing/samples.ts';
import { createWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  const workflows = new URL('./testing/patient-workflows.ts', import.meta.url);
  world = await createWorld({ address: inject('temporalAddress'), workflows, stickyWait: '10s' });
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
