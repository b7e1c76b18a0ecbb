import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { createHold } from '../../workflows/testing/fake-activities.ts';
import { ada, grace, sampleRule } from '../../workflows/testing/samples.ts';
import type { Handle } from '../../workflows/testing/test-world.ts';
import { ChatError } from '../platform/errors.ts';
import { createTestBot, type TestBot } from '../testing/test-bot.ts';

let bot: TestBot;
beforeAll(async () => {
  bot = await createTestBot(inject('temporalAddress'));
  bot.parts.poller.start();
});
afterAll(() => bot.close());
afterEach(() => {
  bot.chat.setAway(null);
  bot.other.setAway(null);
});

const soon = { timeout: 50_000, interval: 50 };
const away = () => new ChatError('posting: no route', 'retryable');

/** A service whose tests fail until they are fixed, and a conversation that follows its failures. */
const fragile = () => {
  const room = `fake:${randomUUID()}`;
  const state = { red: true };
  const service = bot.service({
    target: { approval: null, notify: [{ to: room, events: 'failures' }] },
    perform_tests: async () => {
      if (state.red) throw ApplicationFailure.nonRetryable('2 of 42 failed', 'TestsFailed');
      return { detail: '42 tests passed', tail: [], log: null };
    },
  });
  const heard = () =>
    bot.chat.messages
      .filter(({ to }) => to === room)
      .map(({ key, card }) => [key.part, key.workflowId, card.tone]);
  return { room, service, heard, mend: () => Object.assign(state, { red: false }) };
};

const ended = async (service: string, status: RunView['status']): Promise<Handle> => {
  const handle = await bot.world.deploy(service);
  await bot.world.until(handle, status);
  return handle;
};

const pendingNotice = async (handle: Handle) => {
  const { pendingActivities } = (await handle.describe()).raw;
  return pendingActivities?.find(({ activityType }) => activityType?.name === 'notify_users');
};

describe('failures and outages', () => {
  test('the next bot delivers failures and recoveries of the time without a bot, in order and once', async () => {
    const { service, heard, mend } = fragile();
    await bot.stopBot();
    const bad = await ended(service, 'failed');
    mend();
    const good = await ended(service, 'succeeded');
    expect(heard()).toEqual([]);
    await bot.startBot();
    const both = [
      ['card', bad.workflowId, 'bad'],
      ['recovered', good.workflowId, 'good'],
    ];
    await vi.waitFor(() => expect(heard()).toEqual(both), soon);
    await good.result();
    await bot.stopBot();
    const next = await bot.startBot();
    await Promise.all([bad, good].map(({ workflowId }) => next.parts.publish(workflowId)));
    expect(heard()).toEqual(both);
  });

  test('Temporal retries a notification for as long as a chat is unavailable', async () => {
    const { service, heard } = fragile();
    bot.chat.setAway(away);
    const bad = await ended(service, 'failed');
    await vi.waitFor(async () => expect((await pendingNotice(bad))?.attempt).toBeGreaterThan(3), soon);
    const notice = await pendingNotice(bad);
    expect(notice?.maximumAttempts).toBe(0);
    expect(notice?.expirationTime).toBeNull();
    expect(String(notice?.lastFailure?.message)).toContain('no route');
    await bot.stopBot();
    await bot.startBot();
    const tries = bot.chat.calls.length;
    await vi.waitFor(() => expect(bot.chat.calls.length).toBeGreaterThan(tries), soon);
    expect(heard()).toEqual([]);
    bot.chat.setAway(null);
    await vi.waitFor(() => expect(heard()).toEqual([['card', bad.workflowId, 'bad']]), soon);
    await vi.waitFor(async () => expect(await pendingNotice(bad)).toBeUndefined(), soon);
    expect(heard()).toHaveLength(1);
  });

  test('the next bot delivers the end of a run that was terminated while no bot was running', async () => {
    const { room, heard } = fragile();
    const hold = createHold(() => ({ detail: 'ok', tail: [], log: null }));
    const service = bot.service({
      target: { notify: [{ to: room, events: 'failures' }] },
      perform_tests: hold.step,
    });
    const handle = await bot.world.deploy(service);
    await hold.started;
    await vi.waitFor(async () => expect(await bot.store.runs.get(handle.workflowId)).not.toBeNull(), soon);
    await bot.stopBot();
    await handle.terminate('by hand');
    await bot.startBot();
    await vi.waitFor(() => expect(heard()).toEqual([['card', handle.workflowId, 'bad']]), soon);
    hold.release();
  });

  test('a run that is cancelled while it is queued is notified', async () => {
    const { room, heard } = fragile();
    const hold = createHold(() => ({ detail: 'ok', tail: [], log: null }));
    const service = bot.service({
      target: { approval: null, notify: [{ to: room, events: 'failures' }] },
      perform_tests: hold.step,
    });
    const first = await bot.world.deploy(service);
    await hold.started;
    const waiting = await bot.world.deploy(service);
    await bot.world.until(waiting, ({ queue }) => queue?.position === 1);
    await waiting.cancel();
    await vi.waitFor(() => expect(heard()).toEqual([['card', waiting.workflowId, 'neutral']]), soon);
    hold.release();
    await bot.world.until(first, 'succeeded');
    await vi.waitFor(() => expect(heard().at(-1)).toEqual(['recovered', first.workflowId, 'good']), soon);
  });
});

describe('one run in two chats', () => {
  const shown = (one: TestBot['chat'], id: string) =>
    one.messages.filter(({ key }) => key.workflowId === id).map(({ card }) => card.summary);

  test('a run that is started in one chat and decided in the other shows its end in both after an outage', async () => {
    const notify = [{ to: 'other:room', events: 'all' }] as const;
    const service = bot.service({ target: { approval: sampleRule, notify } });
    const { workflowId: id = '' } = await bot.dispatch(bot.call('deploy', service));
    for (const one of [bot.chat, bot.other])
      await vi.waitFor(
        () => expect(shown(one, id)).toEqual([expect.stringContaining('Waiting for approval')]),
        soon,
      );
    bot.other.setAway(away);
    await bot.dispatch(bot.call('approve', id, { actor: grace, conversation: 'other:room' }));
    await vi.waitFor(() => expect(shown(bot.chat, id)).toEqual([expect.stringContaining('Deployed')]), soon);
    expect(shown(bot.other, id)).toEqual([expect.stringContaining('Waiting for approval')]);
    bot.other.setAway(null);
    await vi.waitFor(() => expect(shown(bot.other, id)).toEqual([expect.stringContaining('Deployed')]), soon);
    expect(bot.other.said('other:room')).toContain('Approved by Grace (1 of 1)');
  });

  test('a denial in either chat edits the card in both', async () => {
    const notify = [{ to: 'other:room', events: 'all' }] as const;
    const service = bot.service({ target: { approval: sampleRule, notify } });
    const { workflowId: id = '' } = await bot.dispatch(bot.call('deploy', service));
    await bot.world.until(bot.world.client.workflow.getHandle(id) as Handle, 'awaiting_approval');
    await bot.dispatch(bot.call('deny', `${id} not today`, { actor: ada }));
    for (const one of [bot.chat, bot.other])
      await vi.waitFor(
        () => expect(shown(one, id)).toEqual([expect.stringContaining('Denied by Ada: not today')]),
        soon,
      );
  });
});
