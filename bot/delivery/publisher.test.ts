import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { failedTestsView } from '../cards/testing/sample-failures.ts';
import {
  ada,
  dangerousPlan,
  grace,
  sampleApproval,
  sampleStages,
  sampleView,
} from '../cards/testing/sample-parts.ts';
import { ChatError } from '../platform/errors.ts';
import type { RunReader } from '../runs/read-run.ts';
import type { Publish } from '../runs/run-poller.ts';
import type { LiveRun } from '../runs/types.ts';
import type { Store } from '../store/store.ts';
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.ts';
import { openTestStore, silentLogger } from '../testing/test-store.ts';
import { Broadcaster } from './broadcaster.ts';
import { createRunDelivery } from './deliver-run.ts';
import { createMessageBudget } from './message-budget.ts';
import { createNotifyUsers, createPublisher } from './publisher.ts';
import { createRecovery } from './recovery.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let chat: FakePlatform;
let other: FakePlatform;
let workflowId: string;
let service: string;
let held: { run: LiveRun; open: boolean; stale?: boolean };
let now: number;
let publish: Publish;
let seen: LiveRun[];

/** What Temporal holds from now on. */
const hold = (changes: Partial<RunView>, rest: Partial<{ open: boolean; live: LiveRun['live'] }> = {}) => {
  held = {
    run: { view: { ...held.run.view, ...changes }, live: rest.live ?? {}, externalEnd: null },
    open: rest.open ?? true,
  };
};

const reader: RunReader = {
  describe: () => Promise.resolve(null),
  read: (id) => Promise.resolve(id === workflowId ? { stale: false, ...held, fingerprint: 'f' } : null),
};

/** The bot, as if it had just been started. */
const startBot = (planText = 'the whole plan'): Publish => {
  const budget = createMessageBudget(() => now);
  const openArtifact = () => Promise.resolve(Readable.from([Buffer.from(planText)]));
  const deliver = createRunDelivery({
    messages: store.messages,
    budget,
    links: { publicUrl: null },
    openArtifact,
    logger: silentLogger,
  });
  const platforms = () => [chat.platform, other.platform];
  const postRecovery = createRecovery({ store, budget, links: { publicUrl: null }, logger: silentLogger });
  const broadcaster = new Broadcaster({ deliver, postRecovery, budget, platforms, logger: silentLogger });
  return createPublisher({ reader, store, broadcaster, onSnapshot: (run) => seen.push(run) });
};

beforeEach(() => {
  chat = createFakePlatform('fake');
  other = createFakePlatform('other');
  workflowId = `total-build-${randomUUID()}`;
  service = `s${randomUUID().slice(0, 8)}`;
  held = {
    run: {
      view: sampleView(1, { workflowId, name: service, conversation: 'fake:a' }),
      live: {},
      externalEnd: null,
    },
    open: true,
  };
  now = 1_000_000;
  seen = [];
  publish = startBot();
});

const shown = () => chat.messages.map(({ card }) => card.summary);
const awaiting = {
  status: 'awaiting_approval',
  plan: dangerousPlan,
  approval: sampleApproval(),
  stages: sampleStages('approval'),
} as const;
const succeeded = { status: 'succeeded', endedAt: 1, stages: sampleStages(null) } as const;
const events = (...facts: readonly object[]) =>
  facts.map((fact, seq) => ({ seq, at: 1000 + seq, ...fact })) as unknown as RunView['events'];
const planned = { kind: 'planned', digest: dangerousPlan.digest, counts: dangerousPlan.summary.counts };

describe('publishing a run', () => {
  test('publishes the stored snapshot of a closed run without a worker, and reads it again later', async () => {
    held = { run: { ...held.run, externalEnd: 'terminated' }, open: false, stale: true };
    const published = await startBot()(workflowId);
    expect(published.failures).toMatchObject([{ kind: 'retryable' }]);
    expect((await store.runs.open()).map(({ view }) => view.workflowId)).toContain(workflowId);
    held = { ...held, stale: false };
    expect((await startBot()(workflowId)).failures).toEqual([]);
    expect((await store.runs.open()).map(({ view }) => view.workflowId)).not.toContain(workflowId);
  });

  test('posts one card in each conversation that follows the run, and then edits it', async () => {
    hold({
      audiences: [
        { to: 'other:b', events: 'all' },
        { to: 'fake:a', events: 'failures' },
      ],
    });
    await store.subscriptions.add(service, { to: 'other:c', events: 'all' }, ada.id);
    await publish(workflowId);
    expect(chat.messages).toHaveLength(1);
    expect(other.messages.map(({ to }) => to).sort()).toEqual(['other:b', 'other:c']);
    await publish(workflowId);
    hold(awaiting);
    await publish(workflowId);
    expect(chat.messages).toHaveLength(1);
    expect(shown()[0]).toContain('Waiting for approval');
    expect(chat.calls).toEqual(['post', 'edit']);
    expect(other.calls.filter((call) => call === 'edit')).toHaveLength(2);
    expect(seen).toHaveLength(3);
    expect((await store.runs.get(workflowId))?.view.status).toBe('awaiting_approval');
  });

  test('adds each event to the thread once, the plan with its text', async () => {
    hold({
      ...awaiting,
      events: events({ kind: 'asked', by: ada, ref: 'main', force: false }, planned, {
        kind: 'question',
        digest: dangerousPlan.digest,
        expiresAt: 0,
      }),
    });
    await publish(workflowId);
    await publish(workflowId);
    hold({
      events: events(
        { kind: 'asked', by: ada, ref: 'main', force: false },
        planned,
        { kind: 'question', digest: dangerousPlan.digest, expiresAt: 0 },
        { kind: 'approved', by: grace, reason: 'go', digest: 'd', votes: 1, required: 1 },
      ),
    });
    await publish(workflowId);
    expect(chat.said('fake:a')).toEqual([
      'Plan ready: 1 to destroy, 1 to replace, 1 to change, 2 to add',
      'Approval needed by 1 Jan 1970, 00:00 UTC',
      'Approved by Grace (1 of 1): go',
    ]);
    const [plan, question] = chat.messages[0]?.replies ?? [];
    expect(plan?.post.file?.content.toString()).toBe('the whole plan');
    expect(question?.post.mentions).toEqual([ada.id, grace.id]);
  });

  test('notes in the thread that a plan file is truncated', async () => {
    hold({ ...awaiting, events: events(planned) });
    await startBot(`begin${'x'.repeat(1_000_000)}end`)(workflowId);
    const post = chat.messages[0]?.replies[0]?.post;
    expect(post?.text).toBe(
      'Plan ready: 1 to destroy, 1 to replace, 1 to change, 2 to add. The middle of the file is omitted; the console has the full plan.',
    );
    expect(post?.file?.content.toString()).toMatch(/^beginx+\s+\[middle omitted.*\]\s+x+end$/s);
  });

  test('notes in the thread of a run that was stopped before its apply that nothing was applied', async () => {
    const denied = { kind: 'denied', by: grace, reason: 'too late', digest: 'd' };
    hold({
      status: 'cancelled',
      events: events(
        denied,
        { kind: 'cancelled', by: ada, reason: 'wrong branch' },
        { kind: 'cancelled', by: null, reason: null },
      ),
    });
    await publish(workflowId);
    expect(chat.said('fake:a')).toEqual([
      'Denied by Grace: too late; nothing was applied',
      'Cancelled by Ada: wrong branch; nothing was applied',
      'Cancelled in Temporal; nothing was applied',
    ]);
  });

  test('records once in the audit trail how Temporal closed a run', async () => {
    hold({ events: events({ kind: 'started' }) });
    await publish(workflowId);
    held = { run: { ...held.run, externalEnd: 'terminated' }, open: false };
    await publish(workflowId);
    await publish(workflowId);
    await startBot()(workflowId);
    expect((await store.audit.of(workflowId)).map(({ kind, details }) => [kind, details])).toEqual([
      ['started', {}],
      ['ended_outside', { how: 'terminated' }],
    ]);
  });

  test('records every event in the audit trail once', async () => {
    hold({ events: events({ kind: 'asked', by: ada, ref: 'main', force: false }, planned) });
    await publish(workflowId);
    await startBot()(workflowId);
    hold({
      events: events({ kind: 'asked', by: ada, ref: 'main', force: false }, planned, { kind: 'started' }),
    });
    await publish(workflowId);
    const trail = await store.audit.of(workflowId);
    expect(trail.map(({ kind, by }) => [kind, by])).toEqual([
      ['asked', ada.id],
      ['planned', null],
      ['started', null],
    ]);
    expect(trail[1]?.details).toEqual({ digest: dangerousPlan.digest, counts: dangerousPlan.summary.counts });
  });

  test('posts to conversations that follow failures only when there is one', async () => {
    hold({ conversation: null, audiences: [{ to: 'fake:f', events: 'failures' }] });
    await publish(workflowId);
    expect(chat.messages).toEqual([]);
    const { status, failure } = failedTestsView(1);
    hold({
      status,
      failure,
      events: events(planned, { kind: 'failed', stage: 'perform_tests', message: 'red' }),
    });
    await publish(workflowId);
    expect(shown()[0]).toContain('Failed at');
    const posts = chat.messages[0]?.replies.map(({ post }) => post);
    expect(posts).toEqual([
      { text: 'Failed at “Run the tests”: red', lines: failure?.tail, broadcast: false },
    ]);
  });

  test('skips conversations whose platform is not configured', async () => {
    hold({ conversation: 'teams:x' });
    expect(await publish(workflowId)).toMatchObject({ failures: [], progressDeferred: false });
  });

  test('returns no run when Temporal has none', async () => {
    expect(await publish('total-build-none')).toMatchObject({ run: null, open: false });
  });
});

describe('nothing is posted twice', () => {
  const unsure = () => new ChatError('posting: the connection broke', 'uncertain');

  test('a card whose answer was lost is found again, and then shows the latest state', async () => {
    chat.failNext('post', unsure(), true);
    expect((await publish(workflowId)).failures).toHaveLength(1);
    hold(awaiting);
    expect((await publish(workflowId)).failures).toEqual([]);
    expect(chat.messages).toHaveLength(1);
    expect(shown()[0]).toContain('Waiting for approval');
    expect(chat.messages[0]?.key.part).toBe('card');
  });

  test('a card that did not arrive is posted by the next attempt', async () => {
    chat.failNext('post', unsure());
    await publish(workflowId);
    await startBot()(workflowId);
    expect(chat.messages).toHaveLength(1);
  });

  test('a post in the thread whose answer was lost is not repeated', async () => {
    hold({ events: events({ kind: 'started' }, { kind: 'expired', digest: 'd' }, { kind: 'succeeded' }) });
    chat.failNext('reply', unsure(), true);
    expect((await publish(workflowId)).failures).toHaveLength(1);
    await startBot()(workflowId);
    expect(chat.said('fake:a')).toHaveLength(2);
  });

  test('a bot that died while it posted searches the chat after its restart', async () => {
    chat.failNext('post', new Error('the process was killed'), true);
    await publish(workflowId);
    await startBot()(workflowId);
    expect(chat.messages).toHaveLength(1);
  });

  test('concurrent publications make one card', async () => {
    await Promise.all([publish(workflowId), publish(workflowId), publish(workflowId)]);
    expect(chat.calls).toEqual(['post']);
  });

  test('a restarted bot edits the card that it posted before', async () => {
    await publish(workflowId);
    hold(awaiting);
    await startBot()(workflowId);
    expect(chat.calls).toEqual(['post', 'edit']);
  });
});

describe('a deleted card', () => {
  test('is posted again once, and suppressed when that one is deleted too', async () => {
    await publish(workflowId);
    chat.remove(chat.messages[0]?.ref ?? '');
    hold(awaiting);
    await publish(workflowId);
    expect(shown()).toEqual([expect.stringContaining('Waiting for approval')]);
    chat.remove(chat.messages[0]?.ref ?? '');
    hold(succeeded);
    expect((await publish(workflowId)).failures).toEqual([]);
    await publish(workflowId);
    expect(chat.messages).toEqual([]);
  });

  test('is posted again for a new post in its thread', async () => {
    await publish(workflowId);
    chat.remove(chat.messages[0]?.ref ?? '');
    hold({ events: events({ kind: 'succeeded' }) });
    await publish(workflowId);
    expect(chat.messages).toHaveLength(1);
    expect(chat.said('fake:a')).toEqual(['Deployed']);
  });
});

describe('a chat that is unavailable', () => {
  test('gets the final state when it is back, and counts as failed until then', async () => {
    await publish(workflowId);
    chat.setAway(() => new ChatError('editing: no route', 'retryable'));
    hold(awaiting);
    await publish(workflowId);
    hold(succeeded, { open: false });
    expect((await publish(workflowId)).failures).toHaveLength(1);
    expect((await store.runs.open()).map(({ view }) => view.workflowId)).toContain(workflowId);
    chat.setAway(null);
    expect((await publish(workflowId)).failures).toEqual([]);
    expect(shown()).toEqual([expect.stringContaining('Deployed')]);
    expect((await store.runs.open()).map(({ view }) => view.workflowId)).not.toContain(workflowId);
  });

  test('does not delay the other chats', async () => {
    hold({ audiences: [{ to: 'other:b', events: 'all' }] });
    chat.setAway(() => new ChatError('posting: no route', 'retryable'));
    await publish(workflowId);
    expect(other.messages).toHaveLength(1);
  });

  const refused = () => new ChatError('posting: not_in_channel', 'permanent');

  test('that rejects a card for good is suppressed without a failure until the next notification', async () => {
    chat.failNext('post', refused());
    expect((await publish(workflowId)).failures).toEqual([]);
    hold({ image: 'web:1' });
    expect((await startBot()(workflowId)).failures).toEqual([]);
    expect(chat.calls).toEqual(['post']);
    hold({ ...awaiting, events: events(planned) });
    expect((await publish(workflowId)).failures).toEqual([]);
    expect(shown()).toEqual([expect.stringContaining('Waiting for approval')]);
    expect(chat.said('fake:a')).toHaveLength(1);
    hold(succeeded);
    await publish(workflowId);
    expect(shown()).toEqual([expect.stringContaining('Deployed')]);
  });

  test('that rejects a thread post gets it with the next notification', async () => {
    await publish(workflowId);
    chat.failNext('reply', refused());
    hold({ ...awaiting, events: events(planned) });
    expect((await publish(workflowId)).failures).toEqual([]);
    await publish(workflowId);
    expect(chat.calls.filter((call) => call === 'reply')).toHaveLength(1);
    hold(succeeded);
    await publish(workflowId);
    expect(chat.said('fake:a')).toHaveLength(1);
  });
});

describe('the activity notify_users', () => {
  const notify = (followed: string[] = []) => createNotifyUsers(publish, (id) => followed.push(id));

  test('asks Temporal to retry at the time that the chat names, and skips what was delivered', async () => {
    hold({ audiences: [{ to: 'other:b', events: 'all' }] });
    chat.failNext('post', new ChatError('posting: slow down', 'retryable', { retryAfterMs: 7000 }));
    const followed: string[] = [];
    const failure: unknown = await notify(followed)({ workflowId, kind: 'opened' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ type: 'ChatUnavailable', nextRetryDelay: 7000, nonRetryable: false });
    expect(String(failure)).toContain('notifying conversations of opened: posting: slow down');
    await notify()({ workflowId, kind: 'opened' });
    expect(other.calls).toEqual(['post']);
    expect(chat.messages).toHaveLength(1);
    expect(followed).toEqual([workflowId]);
  });
});

describe('the budget', () => {
  const progress = (done: number) => ({ terraform_apply: { done, total: 12, lines: [] } });

  test('combines progress into an edit every 2.5 seconds, and defers the rest', async () => {
    hold({ status: 'applying', stages: sampleStages('terraform_apply') }, { live: progress(0) });
    await publish(workflowId);
    const deferred: boolean[] = [];
    for (let step = 1; step <= 10; step += 1) {
      now += 500;
      hold({}, { live: progress(step) });
      deferred.push((await publish(workflowId)).progressDeferred);
    }
    const edits = chat.calls.filter((call) => call === 'edit');
    expect(edits.length).toBe(2);
    expect(deferred.at(-1)).toBe(true);
    now += 2500;
    expect((await publish(workflowId)).progressDeferred).toBe(false);
    expect(shown()[0]).toContain('10 of 12');
  });

  test('sends the end of a run at once', async () => {
    hold({ status: 'applying' }, { live: progress(0) });
    await publish(workflowId);
    hold({}, { live: progress(1) });
    await publish(workflowId);
    hold({ ...succeeded });
    expect((await publish(workflowId)).progressDeferred).toBe(false);
    expect(shown()[0]).toContain('Deployed');
  });

  test('makes no progress edits while the chat asks for a pause', async () => {
    hold({ status: 'applying' }, { live: progress(0) });
    await publish(workflowId);
    hold({ ...awaiting });
    chat.failNext('edit', new ChatError('editing: slow down', 'retryable', { retryAfterMs: 30_000 }));
    await publish(workflowId);
    await publish(workflowId);
    hold({ progress: 1, image: 'web:1' });
    now += 10_000;
    expect((await publish(workflowId)).progressDeferred).toBe(true);
    now += 21_000;
    expect((await publish(workflowId)).progressDeferred).toBe(false);
  });
});
