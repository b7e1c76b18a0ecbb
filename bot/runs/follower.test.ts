import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleView } from '../cards/testing/sample-parts.ts';
import { ChatError } from '../platform/errors.ts';
import type { Store } from '../store/store.ts';
import { openTestStore, silentLogger } from '../testing/test-store.ts';
import { nextLookMs } from './follow-schedule.ts';
import { createFollower, type Follower } from './follower.ts';
import type { LiveRun } from './port.ts';
import type { Published } from './publisher.ts';
import type { RunGlance, RunReader } from './read-run.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let workflowId: string;
let listed: string[];
let fingerprint: string;
let gone: boolean;
let answer: Partial<Published>;
let follower: Follower;

const run = (status: LiveRun['view']['status'] = 'running'): LiveRun => ({
  view: sampleView(1, { workflowId, status }),
  live: {},
  endedOutside: null,
});
const publish = vi.fn(() => {
  const published = { run: run(), open: true, fingerprint, owed: false, failures: [], ...answer };
  return Promise.resolve(published satisfies Published);
});
const reader = {
  glance: () => Promise.resolve(gone ? null : ({ fingerprint, open: true } as RunGlance)),
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
  follower = createFollower({ client, reader, publish, runs: store.runs, logger: silentLogger, tickMs: 10 });
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
    follower = createFollower({ client, reader, publish, runs, logger: silentLogger, tickMs: 10 });
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
    follower.follow(workflowId);
    follower.start();
    await vi.waitFor(() => expect(published()).toBe(1), soon);
    follower.follow(workflowId);
    await pause(100);
    expect(published()).toBe(1);
    fingerprint = 'two';
    await vi.waitFor(() => expect(published()).toBe(2), soon);
  });

  test('shows again what had to wait, although nothing has changed', async () => {
    answer = { owed: true };
    follower.follow(workflowId);
    follower.start();
    await vi.waitFor(() => expect(published()).toBeGreaterThan(1), soon);
  });

  test('tries again what a chat did not take, and lets a run go when its end is told', async () => {
    answer = { open: false, failures: [new ChatError('no', 'retryable', { retryAfterMs: 1 })] };
    follower.follow(workflowId);
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
    follower.follow(workflowId);
    follower.start();
    for (const [count, changed] of ['one', 'two', 'three', 'four'].entries()) {
      fingerprint = changed;
      await vi.waitFor(() => expect(published()).toBe(count + 1), soon);
    }
    follower.follow(workflowId);
    await pause(100);
    expect(published()).toBe(4);
  });

  test('looks again at once when it was asked to while it was looking', async () => {
    answer = { run: run('awaiting_approval') };
    publish.mockImplementationOnce(() => {
      const seen = fingerprint;
      fingerprint = 'changed meanwhile';
      follower.follow(workflowId);
      return Promise.resolve({
        run: run('awaiting_approval'),
        open: true,
        fingerprint: seen,
        owed: false,
        failures: [],
      });
    });
    follower.follow(workflowId);
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
    const base = { owed: false, failed: 0 };
    expect(nextLookMs({ ...base, status: 'applying' })).toBe(1000);
    expect(nextLookMs({ ...base, status: 'queued' })).toBe(5000);
    expect(nextLookMs({ ...base, status: 'awaiting_approval' })).toBe(30_000);
    expect(nextLookMs({ ...base, status: 'awaiting_approval', owed: true })).toBe(1000);
    expect(nextLookMs({ ...base, status: 'running', failed: 3 })).toBe(8000);
    expect(nextLookMs({ ...base, status: 'running', failed: 30 })).toBe(60_000);
  });
});
