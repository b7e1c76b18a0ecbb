import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ada, grace, sampleView } from '../cards/testing/sample-parts.ts';
import { loadOverview } from './chat/sidebar.ts';
import { dedupeRunReads } from './run-cache.ts';
import { createFakeRuns } from './testing/fake-runs.ts';

const setUp = () => {
  const fake = createFakeRuns();
  const reads: string[] = [];
  const shared = dedupeRunReads({
    ...fake,
    list: (filter) => {
      reads.push(`list ${filter.limit}`);
      return fake.list(filter);
    },
    waitingFor: (person, limit) => {
      reads.push(`waiting ${person.id} ${limit}`);
      return fake.waitingFor(person, limit);
    },
    openForOthers: (person, limit) => {
      reads.push(`others ${person.id} ${limit}`);
      return fake.openForOthers(person, limit);
    },
  });
  return { fake, reads, shared };
};

it('20 pages that are redrawn together read the runs once for each person', async () => {
  const { reads, shared } = setUp();
  await Promise.all(
    Array.from({ length: 20 }, (_, page) => loadOverview(shared, page % 2 === 0 ? ada : grace)),
  );
  expect(reads).toEqual([
    `waiting ${ada.id} 12`,
    `others ${ada.id} 12`,
    `waiting ${grace.id} 12`,
    `others ${grace.id} 12`,
  ]);
});

it('a change during a read is seen by the next read', async () => {
  const { fake, shared } = setUp();
  const view = sampleView(1, { status: 'running' });
  const before = shared.list({ limit: 1 });
  await pause(0);
  fake.put({ view, live: {}, externalEnd: null });
  expect(await shared.list({ limit: 1 })).toHaveLength(1);
  expect(await before).toHaveLength(0);
});

it('the overview of a read-only console separates pending approvals from active runs, without closed runs', async () => {
  const { fake, shared } = setUp();
  const put = (index: number, status: 'running' | 'awaiting_approval' | 'succeeded') =>
    fake.put({ view: sampleView(index, { status }), live: {}, externalEnd: null });
  put(1, 'running');
  put(2, 'awaiting_approval');
  put(3, 'succeeded');
  const { waiting, running } = await loadOverview(shared, null);
  expect(waiting.map(({ view }) => view.workflowId)).toEqual([sampleView(2).workflowId]);
  expect(running.map(({ view }) => view.workflowId)).toEqual([sampleView(1).workflowId]);
});
