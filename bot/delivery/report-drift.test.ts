import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { DriftReport } from '../../workflows/contract/drift.ts';
import { sampleDriftReport } from '../cards/testing/sample-drift.ts';
import { dangerousPlan } from '../cards/testing/sample-parts.ts';
import { ChatError } from '../platform/errors.ts';
import type { Store } from '../store/store.ts';
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.ts';
import { openTestStore, silentLogger } from '../testing/test-store.ts';
import { createMessageBudget } from './message-budget.ts';
import { createReportDrift } from './report-drift.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let chat: FakePlatform;
let other: FakePlatform;
let report: ChatActivities['reportDrift'];
let news: DriftReport;

const startBot = () =>
  createReportDrift({
    store,
    platforms: () => [chat.platform, other.platform],
    budget: createMessageBudget(),
    logger: silentLogger,
  });

beforeEach(() => {
  chat = createFakePlatform('fake');
  other = createFakePlatform('other');
  report = startBot();
  const key = `drift-network-${randomUUID()}`;
  news = sampleDriftReport(
    { kind: 'appeared', summary: dangerousPlan.summary },
    {
      key,
      workflowId: key,
      stack: `network-${randomUUID()}`,
      audiences: [
        { to: 'fake:infra', events: 'failures' },
        { to: 'other:infra', events: 'all' },
      ],
    },
  );
});

const told = () => [...chat.messages, ...other.messages].map(({ to }) => to).sort();

test('each conversation that follows the stack gets the report once, subscribers too', async () => {
  await store.subscriptions.add(news.stack, { to: 'fake:room', events: 'failures' }, 'ada@example.com');
  await store.subscriptions.add(news.stack, { to: 'fake:infra', events: 'all' }, 'ada@example.com');
  await report(news);
  expect(told()).toEqual(['fake:infra', 'fake:room', 'other:infra']);
  expect(chat.messages[0]?.card).toMatchObject({
    title: `Drift: stack ${news.stack}`,
    tone: 'warning',
    buttons: [{ command: 'provision', args: news.stack }],
  });
  await report(news);
  // Also by a bot that was started since, and in the name of a later look that has the same to say.
  report = startBot();
  await report({ ...news, workflowId: 'drift-later' });
  expect(told()).toHaveLength(3);
});

test('an unavailable chat delays no other, and gets the report later', async () => {
  chat.failNext('post', new ChatError('it is away', 'retryable', { retryAfterMs: 7000 }));
  await expect(report(news)).rejects.toMatchObject({
    type: 'ChatUnavailable',
    nextRetryDelay: 7000,
    message: `notifying conversations of drift of ${news.stack}: it is away`,
  });
  expect(told()).toEqual(['other:infra']);
  await report(news);
  expect(told()).toEqual(['fake:infra', 'other:infra']);
});

test('a message whose answer was lost is found again, not repeated', async () => {
  chat.failNext('post', new ChatError('no answer', 'uncertain'), true);
  await expect(report(news)).rejects.toMatchObject({ type: 'ChatUnavailable' });
  await report(news);
  expect(told()).toEqual(['fake:infra', 'other:infra']);
});

test('a conversation that rejects the report is suppressed until the next report', async () => {
  chat.failNext('post', new ChatError('not in the channel', 'permanent'));
  await report(news);
  await report(news);
  expect(told()).toEqual(['other:infra']);
  await report({ ...news, key: `${news.key}-2`, workflowId: `${news.key}-2` });
  expect(told()).toEqual(['fake:infra', 'other:infra', 'other:infra']);
});

test('a chat that is not connected is skipped', async () => {
  await report({ ...news, audiences: [{ to: 'slack:C1', events: 'all' }] });
  expect(told()).toEqual([]);
});
