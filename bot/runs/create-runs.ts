import type { Readable } from 'node:stream';
import type { Client } from '@temporalio/client';
import type { Logger } from '../../runtime/logger.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { defaultQueues, type RunQueues } from '../../workflows/contract/task-queues.ts';
import type { Store } from '../store/store.ts';
import { createEnvironments } from './environments.ts';
import { createFindRun, type FindRun } from './find-run.ts';
import type { RunReader } from './read-run.ts';
import { createRefreshRuns, type RefreshRuns } from './refresh-runs.ts';
import { type Publish, RunPoller } from './run-poller.ts';
import { createSearch, getRunAttributes } from './search/search-runs.ts';
import type { LiveRun, Runs } from './types.ts';

export interface RunsDeps {
  readonly client: Client;
  readonly reader: RunReader;
  readonly store: Pick<Store, 'runs' | 'audit'>;
  /** Stores a run and notifies the conversations that follow it. */
  readonly publish: Publish;
  readonly onChange: Runs['onChange'];
  readonly openArtifact: (ref: ArtifactRef) => Promise<Readable>;
  readonly logger: Logger;
  /** The task queues whose runs are polled and searched; tests that share a server have their own. */
  readonly queues?: RunQueues;
  /** The stacks that the catalog names. The IDs of their runs start with these names. */
  readonly stacks?: () => readonly string[];
  /** How often the poller checks what is due; shorter in tests. */
  readonly tickMs?: number;
}

/** The read model of runs. */
export interface RunsReadModel {
  readonly runs: Runs;
  readonly poller: RunPoller;
  readonly findRun: FindRun;
  readonly refreshRuns: RefreshRuns;
}

const readTimeoutMs = 2000;
/** More pending approvals than one person can have. */
const maxWaiting = 1000;

export const createRuns = (deps: RunsDeps): RunsReadModel => {
  const { client, reader, store, publish, openArtifact, logger, queues = defaultQueues } = deps;
  const tick = deps.tickMs === undefined ? {} : { tickMs: deps.tickMs };
  const poller = new RunPoller({ client, reader, publish, runs: store.runs, logger, queues, ...tick });
  const findRun = createFindRun(client, store.runs, deps.stacks);

  const runs: Runs = {
    list: (filter) => store.runs.list(filter),
    search: createSearch({ client, runs: store.runs, queues, logger }),
    attributes: (workflowId) => getRunAttributes(client, workflowId),
    async get(workflowId) {
      const snapshot = await reader.read(workflowId, readTimeoutMs);
      if (snapshot === null) return null;
      if (snapshot.open) poller.watch(workflowId);
      return snapshot.run;
    },
    snapshot: (workflowId): Promise<LiveRun | null> => store.runs.get(workflowId),
    find: findRun,
    waitingFor: async (person, limit = maxWaiting) => (await store.runs.waitingFor(person, limit)).runs,
    openForOthers: async (person, limit) => (await store.runs.openForOthers(person, limit)).runs,
    environments: createEnvironments(client, store.runs),
    audit: (workflowId) => store.audit.of(workflowId),
    artifact: openArtifact,
    onChange: deps.onChange,
  };
  return { runs, poller, findRun, refreshRuns: createRefreshRuns(reader, poller) };
};
