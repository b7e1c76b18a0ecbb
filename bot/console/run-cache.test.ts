import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ada, grace, sampleView } from '../cards/testing/sample-parts.ts';
import { loadOverview } from './chat/sidebar.ts';
import { dedupeRunReads } from './run-cache.ts';
import { createFakeRuns } from './testing/fake-runs.ts';

const setUp = () => {
  const fake = createFakeRuns();
  const asked: string[] = [];
  const shared = dedupeRunReads({
    ...fake,
    list: (filter) => {
      asked.push(`list ${filter.limit}`);
      return fake.list(filter);
    },
    waitingFor: (person, limit) => {
      asked.push(`waiting ${person.id} ${limit}`);
      return fake.waitingFor(person, limit);
    },
    openBesides: (person, limit) => {
      asked.push(`besides ${person.id} ${limit}`);
      return fake.openBesides(person, limit);
    },
  });
  return { fake, asked, shared };
};

it('twenty pages that are redrawn at once read a few runs, once for each person', async () => {
  const { asked, shared } = setUp();
  await Promise.all(
    Array.from({ length: 20 }, (_, page) => loadOverview(shared, page % 2 === 0 ? ada : grace)),
  );
  expect(asked).toEqual([
    `waiting ${ada.id} 12`,
    `besides ${ada.id} 12`,
    `waiting ${grace.id} 12`,
    `besides ${grace.id} 12`,
  ]);
});

it('what changed meanwhile is read anew, also while the first reading goes on', async () => {
  const { fake, shared } = setUp();
  const view = sampleView(1, { status: 'running' });
  const before = shared.list({ limit: 1 });
  await pause(0);
  fake.put({ view, live: {}, endedOutside: null });
  expect(await shared.list({ limit: 1 })).toHaveLength(1);
  expect(await before).toHaveLength(0);
});

it('the overview for nobody in particular tells waiting from running, and nothing that has ended', async () => {
  const { fake, shared } = setUp();
  const put = (index: number, status: 'running' | 'awaiting_approval' | 'succeeded') =>
    fake.put({ view: sampleView(index, { status }), live: {}, endedOutside: null });
  put(1, 'running');
  put(2, 'awaiting_approval');
  put(3, 'succeeded');
  const { waiting, running } = await loadOverview(shared, null);
  expect(waiting.map(({ view }) => view.workflowId)).toEqual([sampleView(2).workflowId]);
  expect(running.map(({ view }) => view.workflowId)).toEqual([sampleView(1).workflowId]);
});
