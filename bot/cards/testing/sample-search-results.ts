import { toListedRun } from '../listed-run.ts';
import { searchResultsCard } from '../run-list-cards.ts';
import type { SampleNotice } from './sample-notices.ts';
import { sampleTime, sampleView } from './sample-parts.ts';
import { sampleRuns } from './samples.ts';

/** A run that the bot has not looked at yet. */
const unseen = {
  ...toListedRun({ view: sampleView(9), live: {}, externalEnd: null }),
  requester: 'ada@example.com',
  askedAt: sampleTime,
  seen: null,
};

/** The first page of a long list, and a stranger's run in it. */
export const sampleSearchResults: SampleNotice = {
  name: 'found-first-page',
  draw: () =>
    searchResultsCard({
      title: 'Runs of web, asked for by ada@example.com, since 7d',
      runs: [...sampleRuns.slice(0, 7).map(({ run }) => toListedRun(run)), unseen],
      total: 24,
      page: 1,
      pages: 3,
      older: 'web --by ada@example.com --since 7d --page 2',
      stale: false,
    }),
};
