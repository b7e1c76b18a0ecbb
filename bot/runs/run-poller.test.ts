import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleView } from '../cards/testing/sample-parts.ts';
import type { PublishResult } from '../delivery/publisher.ts';
import { ChatError } from '../platform/errors.ts';
import type { Store } from '../store/store.ts';
import { openTestStore, silentLogger } from '../testing/test-store.ts';
import { pollDelayMs } from './poll-schedule.ts';
import type { RunDescription, RunReader } from './read-run.ts';
import { createRunPoller, type RunPoller } from './run-poller.ts';
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
let follower: RunPoller;

const run = (status: LiveRun['view']['status'] = 'running'): LiveRun => ({
  view: sampleView(1, { workflowId, status }),
  live: {},
  externalEnd: null,
});
const publish = vi.fn(() => {
  const published = { run: run(), open: true, fingerprint, progressDeferred: false, failures: [], ...answer };
  return Promise.resolve(published satisfies PublishResult);
});
const reader = {
  describe: () => Promise.resolve(gone ? null : ({ fingerprint, open: true } as RunDescription)),
} as unknown as RunReader;
const client = {
  workflow: {
    list: async function* () {
      for (const id of listed) yield { workflowId: id };
    },
  },
} as unknown as Client;

beforeEach(() => {
  vi.clearAllMocks();
  workflowId = `total-build-${randomUUID()}`;
  listed = [];
  fingerprint = 'one';
  gone = false;
  answer = {};
  follower = createRunPoller({ client, reader, publish, runs: store.runs, logger: silentLogger, tickMs: 10 });
});
afterEach(() => follower.stop());

const published = () => publish.mock.calls.length;
const soon = { timeout: 15_000, interval: 10 };

describe('the follower', () => {
  test('goes on with the runs that were open when the bot stopped', async () => {
    await store.runs.save(run(), true);
    follower.start();
    await vi.waitFor(() => expect(publish).toHaveBeenCalledWith(workflowId, expect.anything()), soon);
    await store.runs.save(run(), false);
  });

  test('goes on with them also when the database is away while the bot starts', async () => {
    await store.runs.save(run(), true);
    const open = vi.fn(store.runs.open).mockRejectedValueOnce(new Error('no connection'));
    const runs = { ...store.runs, open };
    follower = createRunPoller({ client, reader, publish, runs, logger: silentLogger, tickMs: 10 });
    follower.start();
    await vi.waitFor(() => expect(publish).toHaveBeenCalledWith(workflowId, expect.anything()), soon);
    expect(open).toHaveBeenCalledTimes(2);
    await store.runs.save(run(), false);
  });

  test('finds runs that somebody else started', async () => {
    listed = [workflowId];
    follower.start();
    await vi.waitFor(() => expect(publish).toHaveBeenCalledWith(workflowId, expect.anything()), soon);
  });

  test('asks the run itself only when something has changed', async () => {
    follower.watch(workflowId);
    follower.start();
    await vi.waitFor(() => expect(published()).toBe(1), soon);
    follower.watch(workflowId);
    await pause(100);
    expect(published()).toBe(1);
    fingerprint = 'two';
    await vi.waitFor(() => expect(published()).toBe(2), soon);
  });

  test('shows again what had to wait, although nothing has changed', async () => {
    answer = { progressDeferred: true };
    follower.watch(workflowId);
    follower.start();
    await vi.waitFor(() => expect(published()).toBeGreaterThan(1), soon);
  });

  test('tries again what a chat did not take, and lets a run go when its end is told', async () => {
    answer = { open: false, failures: [new ChatError('no', 'retryable', { retryAfterMs: 1 })] };
    follower.watch(workflowId);
    follower.start();
    await vi.waitFor(() => expect(published()).toBe(2), soon);
    answer = { open: false };
    await vi.waitFor(() => expect(published()).toBe(3), soon);
    fingerprint = 'later';
    await pause(100);
    expect(published()).toBe(3);
  });

  test('goes on showing what changes at the usual pace while a chat takes nothing', async () => {
    answer = { failures: [new ChatError('no', 'retryable', { retryAfterMs: 60_000 })] };
    follower.watch(workflowId);
    follower.start();
    for (const [count, changed] of ['one', 'two', 'three', 'four'].entries()) {
      fingerprint = changed;
      await vi.waitFor(() => expect(published()).toBe(count + 1), soon);
    }
    follower.watch(workflowId);
    await pause(100);
    expect(published()).toBe(4);
  });

  test('looks again at once when it was asked to while it was looking', async () => {
    answer = { run: run('awaiting_approval') };
    publish.mockImplementationOnce(() => {
      const seen = fingerprint;
      fingerprint = 'changed meanwhile';
      follower.watch(workflowId);
      return Promise.resolve({
        run: run('awaiting_approval'),
        open: true,
        fingerprint: seen,
        progressDeferred: false,
        failures: [],
      });
    });
    follower.watch(workflowId);
    follower.start();
    await vi.waitFor(() => expect(published()).toBe(2), soon);
  });

  test('lets go of a run that Temporal no longer knows', async () => {
    await store.runs.save(run(), true);
    gone = true;
    follower.start();
    await vi.waitFor(
      async () =>
        expect((await store.runs.open()).map(({ view }) => view.workflowId)).not.toContain(workflowId),
      soon,
    );
    expect(publish).not.toHaveBeenCalled();
  });

  test('looks often at what moves and rarely at what waits, and backs off from what fails', () => {
    const base = { progressDeferred: false, failedPolls: 0 };
    expect(pollDelayMs({ ...base, status: 'applying' })).toBe(1000);
    expect(pollDelayMs({ ...base, status: 'queued' })).toBe(5000);
    expect(pollDelayMs({ ...base, status: 'awaiting_approval' })).toBe(30_000);
    expect(pollDelayMs({ ...base, status: 'awaiting_approval', progressDeferred: true })).toBe(1000);
    expect(pollDelayMs({ ...base, status: 'running', failedPolls: 3 })).toBe(8000);
    expect(pollDelayMs({ ...base, status: 'running', failedPolls: 30 })).toBe(60_000);
  });
});
