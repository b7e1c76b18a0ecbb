import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKeyRing, makeKey } from '../../encryption/testing/rings.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import { readTemporalSettings } from '../../runtime/temporal-settings.ts';
import { sampleRule } from '../../workflows/testing/samples.ts';
import { createTestBot, type TestBot } from '../testing/test-bot.ts';

let bot: TestBot;
beforeAll(async () => {
  bot = await createTestBot(inject('temporalAddress'), createKeyRing(makeKey('k1')));
});
afterAll(() => bot.close());

const withKeys = (encryption = createKeyRing(makeKey('k2'))) =>
  connectClient({ ...readTemporalSettings({ TEMPORAL_ADDRESS: inject('temporalAddress') }), encryption });

test('a bot without the key of a run names the key, and shows the last known state', async () => {
  const service = bot.service({ target: { approval: sampleRule } });
  const { workflowId = '' } = await bot.dispatch(bot.call('deploy', service));
  await bot.world.until(bot.world.client.workflow.getHandle(workflowId) as never, 'awaiting_approval');
  const { card } = await bot.dispatch(bot.call('status', workflowId));
  expect(JSON.stringify(card)).not.toContain("Can't read");

  const client = withKeys();
  const locked = await bot.createBot(client).dispatch(bot.call('status', workflowId));
  expect(locked.card.title).toBe(`Deploy ${service} to production`);
  expect(locked.card.sections[0]).toEqual({
    type: 'text',
    text: expect.stringMatching(
      /^Can't read this run: decrypting: the key "k1" is missing from ENCRYPTION_KEYS .*Showing the last known state[.]$/,
    ),
  });
  await client.connection.close();
});

test('a run that cannot be decrypted is not reported as missing', async () => {
  const run = await bot.world.deploy(bot.service({ target: { approval: sampleRule } }));
  await bot.world.until(run, 'awaiting_approval');
  const client = withKeys();
  const locked = await bot.createBot(client).dispatch(bot.call('status', run.workflowId));
  expect(JSON.stringify(locked.card)).toContain("Can't read this run");
  await client.connection.close();
});
