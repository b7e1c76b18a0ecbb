import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../../workflows/contract/artifact.ts';
import type { EnvironmentView } from '../../../workflows/contract/environment.ts';
import { toListedRun } from '../../cards/listed-run.ts';
import { UserError } from '../../platform/errors.ts';
import { awaitsDecisionFrom } from '../../runs/awaits-decision.ts';
import type { AuditEntry, LiveRun, RunFilter, Runs } from '../../runs/types.ts';
import { isOver } from '../../text/run-text.ts';

/** Runs in memory, changed by the test. */
export interface FakeRuns extends Runs {
  put(run: LiveRun): void;
  readonly texts: Map<string, string>;
  readonly audits: AuditEntry[];
  readonly places: EnvironmentView[];
  /** True: Temporal is not responding. */
  away: boolean;
}

const fits = (run: LiveRun, filter: RunFilter): boolean => {
  const { view } = run;
  return (
    (filter.service === undefined || view.name === filter.service) &&
    (filter.environment === undefined || view.environment === filter.environment) &&
    (filter.status === undefined || view.status === filter.status) &&
    (filter.open === undefined || !isOver(run)) &&
    (filter.requester === undefined || view.requestedBy.id === filter.requester) &&
    (filter.since === undefined || view.askedAt >= filter.since) &&
    (filter.until === undefined || view.askedAt < filter.until)
  );
};

export const createFakeRuns = (): FakeRuns => {
  const all = new Map<string, LiveRun>();
  const listeners = new Set<(run: LiveRun) => void>();
  const newestFirst = () => [...all.values()].sort((a, b) => b.view.askedAt - a.view.askedAt);
  const fake: FakeRuns = {
    texts: new Map(),
    audits: [],
    places: [],
    away: false,
    put(run) {
      all.set(run.view.workflowId, run);
      for (const listener of listeners) listener(run);
    },
    list: async (filter) =>
      newestFirst()
        .filter((run) => fits(run, filter))
        .slice(0, filter.limit),
    async search({ page, pageSize, ...filter }) {
      const fitting = newestFirst().filter((run) => fits(run, { ...filter, limit: pageSize }));
      const runs = fitting.slice((page - 1) * pageSize, page * pageSize).map(toListedRun);
      return { runs, total: fitting.length, stale: fake.away };
    },
    async attributes(workflowId) {
      const run = await fake.get(workflowId);
      if (run === null) throw new Error(`asking Temporal: there is no ${workflowId}`);
      return [
        { name: 'provisionStatus', value: run.view.status },
        { name: 'quarterdeckService', value: run.view.name },
      ];
    },
    async get(workflowId) {
      if (fake.away) throw new Error('asking Temporal: it is away');
      return all.get(workflowId) ?? null;
    },
    snapshot: async (workflowId) => all.get(workflowId) ?? null,
    async find(typed) {
      const found = [...all.keys()].filter((id) => id === typed || id.startsWith(`total-build-${typed}`));
      const [only = ''] = found;
      if (found.length !== 1) throw new UserError(`No unique run matches “${typed}”.`);
      return only;
    },
    waitingFor: async (person, limit) =>
      newestFirst()
        .filter((run) => awaitsDecisionFrom(run, person))
        .slice(0, limit),
    openForOthers: async (person, limit) =>
      newestFirst()
        .filter((run) => !isOver(run) && !awaitsDecisionFrom(run, person))
        .slice(0, limit),
    environments: async () => fake.places,
    audit: async (workflowId) => fake.audits.filter((entry) => entry.workflowId === workflowId),
    async artifact(ref: ArtifactRef) {
      const text = fake.texts.get(ref.key);
      if (text === undefined) throw new Error(`opening ${ref.key}: it is not there`);
      return Readable.from([Buffer.from(text)]);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return fake;
};
