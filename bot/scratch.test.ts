import { expect, inject, test, vi } from 'vitest';
import { ada, sampleRule } from '../workflows/testing/samples.ts';
import { createBotWorld } from './testing/bot-world.ts';

test('200 waiting', async () => {
  const bot = await createBotWorld(inject('temporalAddress'));
  bot.parts.follower.start();
  const t0 = Date.now();
  for (let batch = 0; batch < 20; batch += 1)
    await Promise.all(
      Array.from({ length: 10 }, () =>
        bot.dispatch(bot.call('deploy', bot.service({ target: { approval: sampleRule } }))),
      ),
    );
  console.log('started', Date.now() - t0);
  await vi.waitFor(async () => expect((await bot.parts.runs.waitingFor(ada)).length).toBe(200), {
    timeout: 120_000,
    interval: 500,
  });
  console.log('all waiting', Date.now() - t0);
  await vi.waitFor(
    async () =>
      expect(bot.chat.messages.filter((m) => m.card.summary.includes('Waiting for appr')).length).toBe(200),
    { timeout: 120_000, interval: 500 },
  );
  console.log(
    'all carded',
    Date.now() - t0,
    'messages',
    bot.chat.messages.length,
    'edits',
    bot.chat.calls.filter((c) => c === 'edit').length,
  );
  for (const words of ['', (await bot.parts.runs.waitingFor(ada))[7]!.view.workflowId.slice(12, 22)]) {
    const times: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const s = performance.now();
      await bot.dispatch(bot.call('status', words, { actor: ada }));
      times.push(performance.now() - s);
    }
    times.sort((a, b) => a - b);
    console.log(
      'status',
      words,
      'p50',
      times[100],
      'p99',
      times[197],
      'max',
      times[199],
      'rss',
      process.memoryUsage().rss / 1e6,
    );
  }
  const runs = (await bot.parts.runs.waitingFor(ada)).slice(0, 60);
  const clicks: number[] = [];
  for (const run of runs) {
    const s = performance.now();
    const r = await bot.dispatch(
      bot.call('approve', run.view.workflowId, { actor: ada, digest: run.view.approval!.digest }),
    );
    clicks.push(performance.now() - s);
    expect(r.card.summary).toContain('Approved');
  }
  clicks.sort((a, b) => a - b);
  console.log('click p50', clicks[30], 'max', clicks[59]);
  await bot.close();
}, 400_000);
