import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { connectClient } from '../../runtime/connect-client.ts';
import { readTemporalSettings } from '../../runtime/temporal-settings.ts';
import { ada, linus } from '../../workflows/testing/samples.ts';
import { sampleView } from '../cards/testing/sample-parts.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import { createTestBot, type TestBot } from '../testing/test-bot.ts';

let bot: TestBot;
beforeAll(async () => {
  bot = await createTestBot(inject('temporalAddress'));
  bot.parts.poller.start();
});
afterAll(() => bot.close());

const ask = (command: string, args: string, rest: Partial<Invocation> = {}): Promise<Reply> =>
  bot.dispatch(bot.call(command, args, rest));
const linesOf = ({ card }: Reply): readonly string[] =>
  card.sections.flatMap((section) => (section.type === 'list' ? section.lines : []));
const far = { timeout: 30_000, interval: 100 };

const ended = async (name: string, command = 'deploy'): Promise<string> => {
  const { workflowId = expect.fail('not started') } = await ask(command, name);
  await bot.client.workflow.getHandle(workflowId).result();
  return workflowId;
};

test('runs are found by status, service, requester and time, as Temporal lists them', async () => {
  const service = bot.service({ target: { approval: null } });
  const id = await ended(service);
  const words = `${service} --status succeeded --by ${linus.id} --since 1h --environment production`;
  const reply = await vi.waitFor(async () => {
    const found = await ask('status', words);
    expect(linesOf(found)).toHaveLength(1);
    return found;
  }, far);
  expect(reply).toMatchObject({ outcome: 'listing', visibility: 'ephemeral' });
  expect(reply.card.title).toBe(
    `Runs of ${service} in production, succeeded, requested by ${linus.id}, since 1h`,
  );
  expect(linesOf(reply)[0]).toContain(`${id.slice(12, 18)} ${service} in production: Deployed`);
  expect(linesOf(await ask('status', `${service} --by me`))).toHaveLength(1);
  expect(linesOf(await ask('status', `${service} --by me`, { actor: ada }))).toEqual([]);
  const none = await ask('status', `${service} --status failed`);
  expect(none.card.summary).toBe('No matching runs.');
  expect((await ask('status', `${service} --until "2020-01-01 10:00"`)).card.summary).toBe(none.card.summary);
});

test('a stack has its own list', async () => {
  const stack = bot.stack({ target: { approval: null } });
  const id = await ended(stack, 'provision');
  await vi.waitFor(async () => {
    const [line] = linesOf(await ask('status', stack.toUpperCase()));
    expect(line).toContain(id.slice(-36).slice(0, 6));
    expect(line).toContain(`stack ${stack}`);
  }, far);
});

test('a long list has a button for the next page with the same filters', async () => {
  const service = bot.service();
  for (let index = 0; index < 12; index += 1) {
    const workflowId = `total-build-${randomUUID()}`;
    const view = sampleView(index, {
      name: service,
      workflowId,
      askedAt: Date.now() - index,
      status: 'failed',
    });
    await bot.store.runs.save({ view, live: {}, externalEnd: null }, false);
  }
  const away = bot.createBot(connectClient(readTemporalSettings({ TEMPORAL_ADDRESS: '127.0.0.1:1' })));
  const first = await away.dispatch(
    bot.call('status', `${service} --status failed --since "2020-01-01 10:00"`),
  );
  expect(first.card.summary).toBe('12 runs, page 1 of 2');
  expect(first.card.sections[0]).toMatchObject({ text: expect.stringContaining('may be outdated') });
  const [button = expect.fail('no button')] = first.card.buttons;
  if (button.kind !== 'command') throw new Error('the button is a link');
  expect(button).toMatchObject({
    command: 'status',
    args: `${service} --status failed --since "2020-01-01 10:00" --page 2`,
  });
  const second = await away.dispatch(bot.call(button.command, button.args));
  expect(linesOf(second)).toHaveLength(2);
  expect(second.card.buttons).toEqual([]);
  const third = await away.dispatch(bot.call('status', `${service} --page 3`));
  expect(third.card.summary).toBe("Page 3 doesn't exist (12 runs, 2 pages).");
});

test.each([
  ['--status faild', 'Did you mean failed?'],
  ['--since yesterday', 'Invalid time'],
  ['--by ada', 'takes a work email'],
  ['--page none', 'Invalid page'],
  ['--colour red', 'Unknown option'],
  ['nowhere-at-all --status failed', 'Unknown service “nowhere-at-all”'],
])('status %s says what is wrong and how it is typed', async (words, sentence) => {
  bot.service();
  const { card } = await ask('status', words);
  expect(card.summary + JSON.stringify(card.sections)).toContain(sentence);
  expect(JSON.stringify(card)).toContain('Usage: status [<id> |');
});
