import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runUntil } from './chat-worker.ts';

let connection: NativeConnection;
beforeAll(async () => {
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

const createWorker = () =>
  Worker.create({
    connection,
    taskQueue: `chat-${randomUUID()}`,
    activities: { notify_users: () => Promise.resolve() },
  });

test('a worker that has ended is not shut down again, and the next one is', async () => {
  const stopping = new AbortController();
  const first = await createWorker();
  const ended = runUntil(first, stopping.signal);
  first.shutdown();
  await ended;
  expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);

  const second = await createWorker();
  const running = runUntil(second, stopping.signal);
  stopping.abort();
  await running;
  expect(second.getState()).toBe('STOPPED');
});

test('a signal while a worker shuts down is not an error', async () => {
  const stopping = new AbortController();
  const worker = await createWorker();
  const ended = runUntil(worker, stopping.signal);
  worker.shutdown();
  stopping.abort();
  await ended;
  expect(worker.getState()).toBe('STOPPED');
});

test('a worker that is created after the signal stops at once', async () => {
  const stopping = new AbortController();
  const worker = await createWorker();
  stopping.abort();
  await runUntil(worker, stopping.signal);
  expect(worker.getState()).toBe('STOPPED');
});
