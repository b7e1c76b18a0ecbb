import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleView } from '../cards/testing/sample-parts.ts';
import { ChatError } from '../platform/errors.ts';
import type { Store } from '../store/store.ts';
import { openTestStore, silentLogger } from '../testing/test-store.ts';
import { pollDelayMs } from './poll-schedule.ts';
import type { RunDescription, RunReader } from './read-run.ts';
import { type Publish, type PublishResult, RunPoller } from './run-poller.ts';
import type { LiveRun } from './types.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let workflowId: string;
let listed: string[];
let fingerprint: string;
let gone: boolean;
let answer: Partial<PublishResult>;
let poller: RunPoller;
/** The workflow ids of all polls, and of all publications. */
let polled: string[];
let published: string[];
/** Called in the middle of a publication. */
let whilePublishing: () => void;

const run = (status: LiveRun['view']['status'] = 'running'): LiveRun => ({
  view: sampleView(1, { workflowId, status }),
  live: {},
  externalEnd: null,
});
const publish: Publish = async (id) => {
  published.push(id);
  const result = { run: run(), open: true, fingerprint, progressDeferred: false, failures: [], ...answer };
  whilePublishing();
  return result;
};
const reader: RunReader = {
  async describe(id) {
    polled.push(id);
    return gone ? null : ({ fingerprint, open: true } as RunDescription);
  },
  read: () => Promise.resolve(null),
};
const client = {
  workflow: {
    list: async function* () {
      for (const id of listed) yield { workflowId: id };
    },
  },
} as unknown as Client;

const createPoller = (runs = store.runs) =>
  new RunPoller({ client, reader, publish, runs, logger: silentLogger, tickMs: 10 });

beforeEach(() => {
  workflowId = `total-build-${randomUUID()}`;
  listed = [];
  fingerprint = 'one';
  gone = false;
  answer = {};
  polled = [];
  published = [];
  whilePublishing = () => undefined;
  poller = createPoller();
});
afterEach(() => poller.stop());

const count = (ids: readonly string[], id = workflowId) => ids.filter((one) => one === id).length;
const soon = { timeout: 15_000, interval: 10 };
const untilPublished = (times: number) => vi.waitFor(() => expect(count(published)).toBe(times), soon);

describe('the poller of runs', () => {
  test('resumes the runs that were open when the bot stopped', async () => {
    await store.runs.save(run(), true);
    poller.start();
    await vi.waitFor(() => expect(published).toContain(workflowId), soon);
    await store.runs.save(run(), false);
  });

  test('resumes them also when the database is away while the bot starts', async () => {
    await store.runs.save(run(), true);
    const open = vi.fn(store.runs.open).mockRejectedValueOnce(new Error('no connection'));
    poller = createPoller({ ...store.runs, open });
    poller.start();
    await vi.waitFor(() => expect(published).toContain(workflowId), soon);
    expect(open).toHaveBeenCalledTimes(2);
    await store.runs.save(run(), false);
  });

  test('finds runs that another client started', async () => {
    listed = [workflowId];
    poller.start();
    await vi.waitFor(() => expect(published).toContain(workflowId), soon);
  });

  test('publishes a run only when its description has changed', async () => {
    poller.watch(workflowId);
    poller.start();
    await untilPublished(1);
    const before = count(polled);
    poller.watch(workflowId);
    await vi.waitFor(() => expect(count(polled)).toBeGreaterThan(before), soon);
    expect(count(published)).toBe(1);
    fingerprint = 'two';
    await untilPublished(2);
  });

  test('publishes deferred progress again, although nothing has changed', async () => {
    answer = { progressDeferred: true };
    poller.watch(workflowId);
    poller.start();
    await vi.waitFor(() => expect(count(published)).toBeGreaterThan(1), soon);
  });

  test('retries what a chat rejected, and stops watching a run when its end is delivered', async () => {
    answer = { open: false, failures: [new ChatError('no', 'retryable', { retryAfterMs: 1 })] };
    poller.watch(workflowId);
    poller.start();
    await untilPublished(2);
    answer = { open: false };
    await untilPublished(3);
    await vi.waitFor(() => expect(poller.lastFingerprint(workflowId)).toBeNull(), soon);
  });

  test('publishes changes without delay while a chat rejects everything', async () => {
    answer = { failures: [new ChatError('no', 'retryable', { retryAfterMs: 60_000 })] };
    poller.watch(workflowId);
    poller.start();
    for (const [index, changed] of ['one', 'two', 'three', 'four'].entries()) {
      fingerprint = changed;
      await untilPublished(index + 1);
    }
    const before = count(polled);
    poller.watch(workflowId);
    await vi.waitFor(() => expect(count(polled)).toBeGreaterThan(before), soon);
    expect(count(published)).toBe(4);
  });

  test('polls again at once when a poll is requested while another one runs', async () => {
    answer = { run: run('awaiting_approval') };
    whilePublishing = () => {
      whilePublishing = () => undefined;
      fingerprint = 'changed in between';
      poller.watch(workflowId);
    };
    poller.watch(workflowId);
    poller.start();
    await untilPublished(2);
  });

  test('stops watching a run that Temporal has deleted', async () => {
    await store.runs.save(run(), true);
    gone = true;
    poller.start();
    await vi.waitFor(
      async () =>
        expect((await store.runs.open()).map(({ view }) => view.workflowId)).not.toContain(workflowId),
      soon,
    );
    expect(published).toEqual([]);
  });

  test('polls active runs often and waiting runs rarely, and backs off after failures', () => {
    const base = { progressDeferred: false, failedPolls: 0 };
    expect(pollDelayMs({ ...base, status: 'applying' })).toBe(1000);
    expect(pollDelayMs({ ...base, status: 'queued' })).toBe(5000);
    expect(pollDelayMs({ ...base, status: 'awaiting_approval' })).toBe(30_000);
    expect(pollDelayMs({ ...base, status: 'awaiting_approval', progressDeferred: true })).toBe(1000);
    expect(pollDelayMs({ ...base, status: 'running', failedPolls: 3 })).toBe(8000);
    expect(pollDelayMs({ ...base, status: 'running', failedPolls: 30 })).toBe(60_000);
  });
});
