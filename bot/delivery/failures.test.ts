import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { failedTestsView } from '../cards/testing/sample-failures.ts';
import { ada, grace, sampleApproval, sampleStages, sampleView } from '../cards/testing/sample-parts.ts';
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
import { createPublisher } from './publisher.ts';
import { createRecovery } from './recovery.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let chat: FakePlatform;
let other: FakePlatform;
let service: string;
let held: Map<string, { run: LiveRun; open: boolean }>;
let time: number;
let publish: Publish;

const links = { publicUrl: 'https://deck.example.com' };
const reader: RunReader = {
  describe: () => Promise.resolve(null),
  read: (id) => {
    const one = held.get(id);
    return Promise.resolve(one === undefined ? null : { ...one, fingerprint: 'f', stale: false });
  },
};

/** The bot, as if it had just been started. */
const startBot = (patienceMs = 5000): Publish => {
  const budget = createMessageBudget();
  const openArtifact = () => Promise.resolve(Readable.from([Buffer.from('the plan')]));
  const deliver = createRunDelivery({
    messages: store.messages,
    budget,
    links,
    openArtifact,
    logger: silentLogger,
  });
  const postRecovery = createRecovery({ store, budget, links, logger: silentLogger });
  const platforms = () => [chat.platform, other.platform];
  const broadcaster = new Broadcaster({
    deliver,
    postRecovery,
    budget,
    platforms,
    logger: silentLogger,
    conversationTimeoutMs: patienceMs,
  });
  return createPublisher({ reader, store, broadcaster, onSnapshot: () => undefined });
};

beforeEach(() => {
  chat = createFakePlatform('fake');
  other = createFakePlatform('other');
  service = `s${randomUUID().slice(0, 8)}`;
  held = new Map();
  time = 1_000_000;
  publish = startBot();
});

const failures = [{ to: 'fake:alarm', events: 'failures' }] as const;

/** Starts a run now. The conversation `fake:alarm` follows failures of its service. */
const ask = (changes: Partial<RunView> = {}): string => {
  const workflowId = `total-build-${randomUUID()}`;
  time += 1000;
  const view = sampleView(1, {
    workflowId,
    name: service,
    conversation: null,
    audiences: failures,
    askedAt: time,
    status: 'queued',
    events: [],
    ...changes,
  });
  held.set(workflowId, { run: { view, live: {}, externalEnd: null }, open: true });
  return workflowId;
};

const hold = (id: string, changes: Partial<RunView>, rest: Partial<LiveRun> = {}, open = true): void => {
  const { run } = held.get(id) ?? expect.fail(`no run ${id}`);
  held.set(id, { run: { ...run, ...rest, view: { ...run.view, ...changes } }, open });
};

/** It ends like this, a second later. */
const end = (id: string, changes: Partial<RunView>, rest: Partial<LiveRun> = {}, open = false): void => {
  time += 1000;
  hold(id, { endedAt: time, ...changes }, rest, open);
};

const fact = (...facts: readonly object[]) =>
  facts.map((one, seq) => ({ seq, at: time + seq, ...one })) as unknown as RunView['events'];
const { failure } = failedTestsView(1);
const failedFact = { kind: 'failed', stage: 'perform_tests', message: 'red' };
const failed = { status: 'failed', failure, stages: sampleStages('perform_tests', 'failed') } as const;
const succeeded = { status: 'succeeded', stages: sampleStages(null), failure: null } as const;
const decided = (outcome: 'denied' | 'expired') =>
  sampleApproval({
    decision:
      outcome === 'denied'
        ? { outcome, by: grace, at: 1, reason: 'too late', digest: 'd' }
        : { outcome, at: 1, digest: 'd' },
  });

const ran = async (changes: Partial<RunView>, over: Partial<RunView> = {}): Promise<string> => {
  const id = ask(over);
  await publish(id);
  end(id, changes);
  expect((await publish(id)).failures).toEqual([]);
  return id;
};
const short = (id: string): string => id.replace('total-build-', '').slice(0, 6);
const inAlarm = () => chat.messages.filter(({ to }) => to === 'fake:alarm');
const parts = () => inAlarm().map(({ key }) => key.part);
const notices = () => inAlarm().filter(({ key }) => key.part === 'recovered');
const later = () => new ChatError('posting: no route', 'retryable');

describe('conversations that follow failures', () => {
  test('get a failed run with its stage, last lines, requester and a link', async () => {
    const id = await ran({ ...failed, events: fact(failedFact) });
    const [message] = inAlarm();
    expect(inAlarm()).toHaveLength(1);
    expect(message?.card.summary).toContain('Failed at “Run the tests”');
    expect(message?.card.fields).toContainEqual({ label: 'Requested by', value: ada.name });
    expect(JSON.stringify(message?.card.sections)).toContain('42 tests, 2 failed');
    expect(message?.card.buttons).toContainEqual(
      expect.objectContaining({ url: `https://deck.example.com/runs/${id}` }),
    );
    expect(message?.replies[0]?.post).toMatchObject({ lines: failure?.tail, broadcast: false });
  });

  test('are notified who denied a run and why', async () => {
    const approval = decided('denied');
    await ran({
      status: 'denied',
      approval,
      stages: sampleStages('approval', 'failed'),
      events: fact({ kind: 'denied', by: grace, reason: 'too late', digest: 'd' }),
    });
    expect(inAlarm().map(({ card }) => card.summary)).toEqual([
      expect.stringContaining('Denied by Grace: too late; nothing was applied'),
    ]);
    expect(chat.said('fake:alarm')).toEqual(['Denied by Grace: too late; nothing was applied']);
  });

  test('are notified that an approval request expired', async () => {
    const approval = decided('expired');
    await ran({ status: 'expired', approval, events: fact({ kind: 'expired', digest: 'd' }) });
    expect(inAlarm()[0]?.card.summary).toContain('Approval expired');
    expect(chat.said('fake:alarm')).toEqual(['Approval expired; nothing was applied']);
  });

  test('are notified of a run that was cancelled while it was queued', async () => {
    const stages = sampleStages('check_for_changes', 'pending').map((one) => ({ ...one, startedAt: null }));
    const cancelled = { kind: 'cancelled', by: ada, reason: 'wrong branch' };
    await ran({ status: 'cancelled', stages, events: fact(cancelled) });
    expect(inAlarm()[0]?.card.summary).toContain('Cancelled by Ada: wrong branch; nothing was applied');
    expect(JSON.stringify(inAlarm()[0]?.card.sections)).toContain('Cancelled while queued');
    expect(chat.said('fake:alarm')).toHaveLength(1);
  });

  test('are notified of a run that was terminated in Temporal', async () => {
    const id = ask({ status: 'running' });
    await publish(id);
    expect(inAlarm()).toEqual([]);
    end(id, {}, { externalEnd: 'terminated' });
    await publish(id);
    expect(inAlarm()[0]?.card.summary).toContain('Terminated in Temporal while running');
  });

  test('get nothing of a run that succeeded, changed nothing, or was terminated after its success', async () => {
    await ran(succeeded);
    await ran({ status: 'no_changes' });
    const id = ask();
    end(id, succeeded, { externalEnd: 'terminated' });
    await publish(id);
    expect(chat.calls).toEqual([]);
  });

  test('get a broadcast when a retried run fails again, and each post once', async () => {
    const id = await ran({ ...failed, events: fact(failedFact) });
    const retried = { kind: 'retried', by: ada, from: 'perform_tests' };
    hold(id, { status: 'running', failure: null, endedAt: null, events: fact(failedFact, retried) });
    await publish(id);
    end(id, { ...failed, events: fact(failedFact, retried, failedFact) });
    await publish(id);
    await startBot()(id);
    expect(inAlarm()[0]?.replies.map(({ post }) => [post.text, post.broadcast])).toEqual([
      ['Failed at “Run the tests”: red', false],
      ['Resumed by Ada at “Run the tests”', false],
      ['Failed at “Run the tests”: red', true],
    ]);
    expect(inAlarm()).toHaveLength(1);
  });
});

describe('conversations that show a failure are notified of the recovery', () => {
  test('once, with the run, its requester and the failure', async () => {
    const bad = await ran({ ...failed, requestedBy: ada });
    const good = await ran(succeeded, { requestedBy: grace });
    await publish(good);
    await publish(bad);
    await startBot()(good);
    expect(parts()).toEqual(['card', 'recovered']);
    const card = notices()[0]?.card;
    expect(card?.title).toBe(`Recovered: ${service} in production`);
    expect(card?.summary).toMatch(
      new RegExp(`${short(good)}, requested by Grace, succeeded after ${short(bad)} failed on 1 Jan 1970`),
    );
    expect(card?.buttons).toEqual([
      { kind: 'link', label: 'Details', url: `https://deck.example.com/runs/${good}` },
    ]);
  });

  test('however the earlier run ended', async () => {
    for (const [status, said] of [
      ['denied', 'was denied'],
      ['expired', 'expired'],
      ['cancelled', 'was cancelled'],
    ] as const) {
      const bad = await ran({ status });
      await ran(succeeded);
      expect(notices().at(-1)?.card.summary).toContain(`after ${short(bad)} ${said} on`);
    }
    const id = ask({ status: 'running' });
    end(id, {}, { externalEnd: 'terminated' });
    await publish(id);
    await ran(succeeded);
    expect(notices().at(-1)?.card.summary).toContain(`after ${short(id)} was terminated in Temporal on`);
    expect(notices()).toHaveLength(4);
  });

  test('with one notice that names the last of several failures', async () => {
    await ran(failed);
    const last = await ran({ status: 'expired' });
    await ran({ status: 'no_changes' });
    await ran(succeeded);
    expect(notices()).toHaveLength(1);
    expect(notices()[0]?.card.summary).toContain(`after ${short(last)} expired`);
  });

  test('but not when another run succeeded in between', async () => {
    await ran(failed);
    await ran(succeeded);
    await ran(succeeded);
    expect(parts()).toEqual(['card', 'recovered']);
  });

  test('but not of another service or another environment', async () => {
    await ran(failed);
    await ran(succeeded, { environment: 'preview' });
    await ran(succeeded, { name: `${service}-2` });
    expect(notices()).toEqual([]);
  });

  test('but not where no failure was shown', async () => {
    await ran(failed, { audiences: [] });
    await ran(succeeded);
    expect(chat.messages).toEqual([]);
    chat.failNext('post', new ChatError('posting: not_in_channel', 'permanent'));
    await ran(failed);
    await ran(succeeded);
    expect(chat.messages).toEqual([]);
  });

  test('and a conversation that follows all events sees it on the run’s own card', async () => {
    const audiences = [{ to: 'fake:alarm', events: 'all' }] as const;
    await ran(failed, { audiences });
    await ran(succeeded, { audiences });
    expect(parts()).toEqual(['card', 'card']);
  });

  test('also when the successful run was started in that conversation', async () => {
    await ran(failed);
    await ran(succeeded, { conversation: 'fake:alarm' });
    expect(parts()).toEqual(['card', 'card', 'recovered']);
  });

  test('by the card and a broadcast in the thread, when the failed run itself was retried', async () => {
    await ran(failed);
    const id = await ran({ ...failed, events: fact(failedFact) });
    const retried = { kind: 'retried', by: grace, from: 'perform_tests' };
    end(id, { ...succeeded, events: fact(failedFact, retried, { kind: 'succeeded' }) });
    await publish(id);
    await publish(id);
    expect(parts()).toEqual(['card', 'card']);
    expect(inAlarm()[1]?.card.summary).toContain('Deployed');
    expect(inAlarm()[1]?.replies.at(-1)?.post).toEqual({
      text: 'Recovered: the deployment succeeded',
      broadcast: true,
    });
    await ran(succeeded);
    expect(notices()).toEqual([]);
  });

  test('of the newer failure, when a retried run fails again after a success', async () => {
    const bad = await ran(failed);
    await ran(succeeded);
    end(bad, { ...failed, events: fact(failedFact, { kind: 'retried', by: ada, from: 'perform_tests' }) });
    await publish(bad);
    await ran(succeeded);
    expect(notices().map(({ card }) => card.summary)).toEqual([
      expect.stringContaining(`after ${short(bad)} failed`),
      expect.stringContaining(`after ${short(bad)} failed`),
    ]);
  });

  test('in each conversation that shows the failure, and in no other', async () => {
    await store.subscriptions.add(service, { to: 'other:ops', events: 'failures' }, ada.id);
    await ran(failed);
    await store.subscriptions.add(service, { to: 'other:late', events: 'failures' }, ada.id);
    await ran(succeeded);
    const told = [...chat.messages, ...other.messages].map(({ to, key }) => [to, key.part]);
    expect(told.sort()).toEqual([
      ['fake:alarm', 'card'],
      ['fake:alarm', 'recovered'],
      ['other:ops', 'card'],
      ['other:ops', 'recovered'],
    ]);
  });
});

describe('a conversation that changes its subscription', () => {
  const subscribe = (events: 'all' | 'failures') =>
    store.subscriptions.add(service, { to: 'other:ops', events }, ada.id);
  const told = () => other.messages.map(({ key, card }) => [key.part, card.tone]);

  test('from all events to failures gets only the next failure and its recovery', async () => {
    await subscribe('all');
    await ran(succeeded);
    await subscribe('failures');
    await subscribe('failures');
    await ran(succeeded);
    await ran(failed);
    await ran(succeeded);
    expect(told()).toEqual([
      ['card', 'good'],
      ['card', 'bad'],
      ['recovered', 'good'],
    ]);
  });

  test('from failures to all events gets the next run’s card, and no additional notice', async () => {
    await subscribe('failures');
    await ran(failed);
    await subscribe('all');
    await ran(succeeded);
    expect(told()).toEqual([
      ['card', 'bad'],
      ['card', 'good'],
    ]);
  });
});

describe('a chat that was unavailable', () => {
  test('gets the failure first and then the recovery, each once, in whatever order they are published', async () => {
    chat.setAway(later);
    const bad = ask();
    end(bad, failed);
    expect((await publish(bad)).failures).toHaveLength(1);
    const good = ask();
    end(good, succeeded);
    await publish(good);
    chat.setAway(null);
    const bot = startBot();
    await bot(good);
    expect(parts()).toEqual([]);
    await Promise.all([bot(bad), bot(good)]);
    await Promise.all([bot(bad), bot(good)]);
    expect(parts()).toEqual(['card', 'recovered']);
  });

  test('gets every failure before the recovery notice, which names the last failure', async () => {
    chat.setAway(later);
    const bad = [ask(), ask()] as const;
    for (const id of bad) {
      end(id, failed);
      await publish(id);
    }
    const good = ask();
    end(good, succeeded);
    await publish(good);
    chat.setAway(null);
    for (const id of [good, ...bad]) await publish(id);
    expect(parts()).toEqual(['card', 'card', 'recovered']);
    expect(notices()[0]?.card.summary).toContain(`after ${short(bad[1])} failed`);
  });

  test('gets the recovery from a bot that learns of both runs when it starts', async () => {
    const [bad, good] = [ask(), ask()];
    end(bad, failed);
    end(good, succeeded);
    await publish(good);
    expect(parts()).toEqual([]);
    await publish(bad);
    expect(parts()).toEqual(['card', 'recovered']);
  });

  test('does not get a recovery notice twice when the chat’s answer was lost', async () => {
    await ran(failed);
    const good = ask();
    end(good, succeeded);
    chat.failNext('post', new ChatError('posting: reset', 'uncertain'), true);
    expect((await publish(good)).failures).toHaveLength(1);
    expect((await store.runs.open()).map(({ view }) => view.workflowId)).toContain(good);
    expect((await startBot()(good)).failures).toEqual([]);
    expect(parts()).toEqual(['card', 'recovered']);
    expect((await store.runs.open()).map(({ view }) => view.workflowId)).not.toContain(good);
  });
});

describe('two chats that follow one run', () => {
  const asked = async (): Promise<string> => {
    const id = ask({ conversation: 'fake:room', audiences: [{ to: 'other:room', events: 'all' }] });
    hold(id, { status: 'awaiting_approval', approval: sampleApproval() });
    await publish(id);
    return id;
  };
  const shown = (one: FakePlatform) => one.messages.map(({ card }) => card.summary);

  test('show a decision in both, wherever it was made', async () => {
    const id = await asked();
    const denied = { kind: 'denied', by: grace, reason: 'no', digest: 'd' };
    end(id, { status: 'denied', approval: decided('denied'), events: fact(denied) });
    await publish(id);
    for (const one of [chat, other]) {
      expect(shown(one)).toEqual([expect.stringContaining('Denied by Grace')]);
      expect(one.calls).toEqual(['post', 'edit', 'reply']);
    }
  });

  test('are independent: an unavailable chat delays nothing, and catches up with one edit', async () => {
    const id = await asked();
    other.setAway(later);
    for (const status of ['applying', 'succeeded'] as const) {
      hold(id, { status });
      expect((await publish(id)).failures).toHaveLength(1);
    }
    expect(shown(chat)).toEqual([expect.stringContaining('Deployed')]);
    expect(shown(other)).toEqual([expect.stringContaining('Waiting for approval')]);
    other.setAway(null);
    const before = [chat, other].map(({ calls }) => calls.length);
    expect((await publish(id)).failures).toEqual([]);
    expect(shown(other)).toEqual([expect.stringContaining('Deployed')]);
    expect([chat, other].map(({ calls }, at) => calls.length - (before[at] ?? 0))).toEqual([0, 1]);
  });

  test('are independent: a silent chat delays nothing, and shows the latest state when it answers', async () => {
    const id = await asked();
    publish = startBot(50);
    const hung = Promise.withResolvers<void>();
    const { edit } = other.platform;
    other.platform.edit = async (ref, card) => {
      await hung.promise;
      await edit(ref, card);
    };
    for (const status of ['applying', 'succeeded'] as const) {
      hold(id, { status });
      const { failures: untold } = await publish(id);
      expect(String(untold)).toContain('other:room: no response yet');
    }
    expect(shown(chat)).toEqual([expect.stringContaining('Deployed')]);
    hung.resolve();
    expect((await publish(id)).failures).toEqual([]);
    expect(shown(other)).toEqual([expect.stringContaining('Deployed')]);
    expect(other.messages).toHaveLength(1);
  });

  test('are polled with backoff after a failed delivery, but a notification is tried at once', async () => {
    const id = await asked();
    other.setAway(later);
    hold(id, { status: 'applying' });
    await publish(id);
    const tries = other.calls.length;
    const glance = { description: {} as never, open: true, fingerprint: 'f' };
    const [looked] = (await publish(id, glance)).failures;
    expect(looked).toMatchObject({ kind: 'retryable', retryAfterMs: expect.any(Number) });
    expect(other.calls).toHaveLength(tries);
    await publish(id);
    expect(other.calls).toHaveLength(tries + 1);
  });
});
