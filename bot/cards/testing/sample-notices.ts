import type { Person } from '../../../workflows/contract/person.ts';
import type { Card } from '../card.ts';
import type { LiveRun } from '../listed-run.ts';
import { recoveryCard } from '../recovery-card.ts';
import type { CardLinks } from '../run-buttons.ts';
import { sampleDrifts } from './sample-drift.ts';
import { grace, sampleApproval, sampleDigest, sampleTime } from './sample-parts.ts';
import { sampleSearchResults } from './sample-search-results.ts';
import { sampleRuns } from './samples.ts';

/** A card that is not a run's own, with a name for a test or a golden file. */
export interface SampleNotice {
  readonly name: string;
  readonly draw: (links: CardLinks) => Card;
}

const runOf = (name: string): LiveRun => {
  const found = sampleRuns.find((sample) => sample.name === name);
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return found.run;
};

const recovered = (name: string, failed: LiveRun, requestedBy: Person = grace): SampleNotice => ({
  name: `recovered-after-${name}`,
  draw: (links) => {
    const { view, ...rest } = runOf('succeeded');
    const later = { ...view, requestedBy, endedAt: view.askedAt + 3_600_000 };
    return recoveryCard({ ...rest, view: later }, failed, links);
  },
});

/** A stranger's reason and name. */
const hostile = (): SampleNotice => {
  const { view, ...rest } = runOf('hostile');
  const decision = {
    outcome: 'denied',
    by: view.requestedBy,
    at: sampleTime,
    reason: view.ref ?? '',
    digest: sampleDigest,
  } as const;
  const denied = { ...view, status: 'denied', approval: sampleApproval({ decision }) } as const;
  return recovered('hostile', { ...rest, view: denied }, view.requestedBy);
};

/** The cards that are no run's own card; every platform renders all of them in its tests. */
export const sampleNotices: readonly SampleNotice[] = [
  ...['failed-tests', 'denied', 'expired', 'cancelled-in-apply', 'terminated-outside'].map((name) =>
    recovered(name, runOf(name)),
  ),
  hostile(),
  ...sampleDrifts,
  sampleSearchResults,
];
