import { randomUUID } from 'node:crypto';
import { TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { connectClient } from '../../../runtime/connect-client.ts';
import { readTemporalSettings } from '../../../runtime/temporal-settings.ts';
import { deployWorkflowId } from '../../../workflows/contract/deploy.ts';
import type { RunStatus } from '../../../workflows/contract/run-status.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import { sampleView } from '../../cards/testing/sample-parts.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore, silentLogger } from '../../testing/test-store.ts';
import type { RunSearch } from '../types.ts';
import { createSearch } from './search-runs.ts';

const settings = readTemporalSettings({ TEMPORAL_ADDRESS: inject('temporalAddress') });
const client = connectClient(settings);
const taskQueue = `search-${randomUUID()}`;
const queues = { deploy: taskQueue, provision: taskQueue };
const hostile = `it's' OR WorkflowType = 'deploy`;
const far = { timeout: 20_000, interval: 100 };

let store: Store;
let search: ReturnType<typeof createSearch>;
beforeAll(async () => {
  store = await openTestStore();
  search = createSearch({ client, runs: store.runs, queues, logger: silentLogger });
});
afterAll(async () => {
  for await (const { workflowId } of client.workflow.list({
    query: `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`,
  }))
    await client.workflow.getHandle(workflowId).terminate();
  await store.close();
  await client.connection.close();
});

/** A run that Temporal holds and no worker takes up. */
const start = async (service: string, status: RunStatus | null, requester = 'ada@example.com') => {
  const workflowId = deployWorkflowId(randomUUID());
  const told = [
    { key: searchAttributes.service, value: service },
    { key: searchAttributes.environment, value: 'production' },
    { key: searchAttributes.requester, value: requester },
  ];
  await client.workflow.start('deploy', {
    workflowId,
    taskQueue,
    args: [{}],
    typedSearchAttributes: new TypedSearchAttributes(
      status === null ? told : [...told, { key: searchAttributes.status, value: status }],
    ),
  });
  return workflowId;
};
const look = (changes: Partial<RunSearch>) => search({ page: 1, pageSize: 10, ...changes });
const ids = async (changes: Partial<RunSearch>) =>
  (await look(changes)).runs.map(({ workflowId }) => workflowId);

describe('a search through what Temporal lists', () => {
  test('pages through every run, also those without a snapshot', async () => {
    const service = `paged-${randomUUID()}`;
    const started = await Promise.all(Array.from({ length: 60 }, () => start(service, 'succeeded')));
    await vi.waitFor(async () => expect((await look({ service })).total).toBe(60), far);
    const pages = await Promise.all([1, 2, 3].map((page) => look({ service, page, pageSize: 25 })));
    expect(pages.map(({ runs }) => runs.length)).toEqual([25, 25, 10]);
    const found = pages.flatMap(({ runs }) => runs.map(({ workflowId }) => workflowId));
    expect(found.toSorted()).toEqual(started.toSorted());
    expect(pages[0]).toMatchObject({ total: 60, stale: false });
    expect(pages[0]?.runs[0]).toMatchObject({
      name: service,
      environment: 'production',
      requester: 'ada@example.com',
      status: 'succeeded',
      snapshot: null,
    });
    expect((await look({ service, page: 4, pageSize: 25 })).runs).toEqual([]);
  });

  test('applies every filter, alone and combined', async () => {
    const service = `filtered-${randomUUID()}`;
    const failed = await start(service, 'failed');
    const unchanged = await start(service, 'no_changes');
    const asked = await start(service, 'awaiting_approval', 'grace@example.com');
    await vi.waitFor(async () => expect((await look({ service })).total).toBe(3), far);
    expect(await ids({ service, status: 'failed' })).toEqual([failed]);
    expect(await ids({ service, status: 'no_changes' })).toEqual([unchanged]);
    expect(await ids({ service, requester: 'grace@example.com' })).toEqual([asked]);
    expect(await ids({ service, requester: 'grace@example.com', status: 'failed' })).toEqual([]);
    expect(await ids({ service, environment: 'preview' })).toEqual([]);
    expect(await ids({ service, until: Date.now() - 3_600_000 })).toEqual([]);
    expect(await ids({ service, since: Date.now() + 3_600_000 })).toEqual([]);
    expect(await ids({ service, since: Date.now() - 3_600_000, until: Date.now() + 60_000 })).toHaveLength(3);
    await client.workflow.getHandle(asked).terminate();
    await vi.waitFor(
      async () => expect(await ids({ service, status: 'awaiting_approval' })).toEqual([]),
      far,
    );
    expect((await look({ service, requester: 'grace@example.com' })).runs[0]).toMatchObject({
      externalEnd: 'terminated',
    });
  });

  test('tells runs that are under way apart by what was seen of them', async () => {
    const service = `open-${randomUUID()}`;
    const [queued, running] = await Promise.all([start(service, null), start(service, null)]);
    const view = sampleView(1, { name: service, workflowId: queued, status: 'queued' });
    await store.runs.save({ view, live: {}, externalEnd: null }, true);
    await vi.waitFor(async () => expect((await look({ service })).total).toBe(2), far);
    expect(await ids({ service, status: 'queued' })).toEqual([queued]);
    expect(await ids({ service, status: 'running' })).toEqual([running]);
    expect(await look({ service, status: 'applying' })).toMatchObject({ runs: [], total: 0 });
  });

  test('shows a new run before Temporal lists it', async () => {
    const service = `fresh-${randomUUID()}`;
    const view = sampleView(2, { name: service, askedAt: Date.now() });
    await store.runs.save({ view, live: {}, externalEnd: null }, true);
    expect(await look({ service })).toMatchObject({ total: 1, runs: [{ workflowId: view.workflowId }] });
    expect(await ids({ service, page: 2 })).toEqual([]);
  });

  test('keeps what was typed a value, whatever is in it', async () => {
    await start('victim', 'failed');
    for (const service of [hostile, `x' OR '1' = '1`, `x\\' OR WorkflowType = 'deploy`, '%', ''])
      expect(await look({ service })).toMatchObject({ runs: [], total: 0, stale: false });
    const named = await start(hostile, 'failed');
    await vi.waitFor(async () => expect(await ids({ service: hostile })).toEqual([named]), far);
  });
});

test('what was seen last is found while Temporal is away', async () => {
  const service = `away-${randomUUID()}`;
  for (const index of [1, 2, 3]) {
    const view = sampleView(0x30 + index, { name: service, askedAt: index, status: 'failed' });
    await store.runs.save({ view, live: {}, externalEnd: null }, false);
  }
  const away = connectClient(readTemporalSettings({ TEMPORAL_ADDRESS: '127.0.0.1:1' }));
  const find = createSearch({ client: away, runs: store.runs, queues, logger: silentLogger });
  const found = await find({ service, status: 'failed', since: 2, page: 1, pageSize: 1 });
  expect(found).toMatchObject({ total: 2, stale: true, runs: [{ askedAt: 3 }] });
});
