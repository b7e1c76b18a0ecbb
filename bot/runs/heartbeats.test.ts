import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { createHold } from '../../workflows/testing/fake-activities.ts';
import { createTestBot, type TestBot } from '../testing/test-bot.ts';
import { createRunReader } from './read-run.ts';

let bot: TestBot;
beforeAll(async () => {
  bot = await createTestBot(inject('temporalAddress'));
});
afterAll(() => bot.close());

test('a stage whose heartbeats have no details is polled like any other', async () => {
  const reader = createRunReader(bot.client, async () => null);
  const hold = createHold(() => ({ detail: 'ok', tail: [], log: null }));
  const handle = await bot.world.deploy(
    bot.service({ target: { approval: null }, perform_tests: hold.step }),
  );
  await hold.started;
  await vi.waitFor(async () => {
    const { pendingActivities } = (await handle.describe()).raw;
    expect(pendingActivities?.[0]?.heartbeatDetails?.payloads).toHaveLength(1);
  }, 20_000);
  const reading = await reader.read(handle.workflowId, 5000);
  expect(reading?.open).toBe(true);
  expect(reading?.run.live).toEqual({});
  hold.release();
  await handle.result();
});
