import type { Readable } from 'node:stream';
import type { Client } from '@temporalio/client';
import type { Logger } from '../../runtime/logger.ts';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { defaultQueues, type RunQueues } from '../../workflows/contract/task-queues.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';
import { createRunDelivery } from './deliver-run.ts';
import { createEnvironments } from './environments.ts';
import { createFindRun, type FindRun } from './find-run.ts';
import { createFollower, type Follower } from './follower.ts';
import { createFreshen, type Freshen } from './freshen.ts';
import { createMessageBudget, type MessageBudget } from './message-budget.ts';
import type { LiveRun, Runs } from './port.ts';
import { createPublisher, type Publish } from './publisher.ts';
import { createRunReader, type RunReader } from './read-run.ts';
import { createRecovery } from './recovery.ts';
import { createReportDrift } from './report-drift.ts';
import { createAttributes } from './search/attributes.ts';
import { createSearch } from './search/create-search.ts';
import { createTelling } from './telling.ts';
import { waitsFor } from './waits-for.ts';

export interface RunsDeps {
  readonly client: Client;
  readonly store: Store;
  readonly platforms: () => readonly Platform[];
  readonly openArtifact: (ref: ArtifactRef) => Promise<Readable>;
  readonly links: CardLinks;
  readonly logger: Logger;
  readonly budget?: MessageBudget;
  /** The queues of the runs that are followed; tests that share a server have their own. */
  readonly queues?: RunQueues;
  /** The stacks that the catalog names: whose ids begin with their name. */
  readonly stacks?: () => readonly string[];
  /** How often the follower sees what is due; shorter in tests. */
  readonly tickMs?: number;
}

/** The runs, and the parts behind them that commands and the chat worker need. */
export interface RunsParts {
  readonly runs: Runs;
  readonly reader: RunReader;
  readonly publish: Publish;
  readonly follower: Follower;
  readonly findRun: FindRun;
  readonly freshen: Freshen;
  readonly reportDrift: ChatActivities['reportDrift'];
  /** When everything that was being told has been told, or has failed. */
  readonly settled: () => Promise<void>;
}

const getWithinMs = 2000;
/** More than people could ever look at. */
const everyOne = 1000;

export const createRuns = (deps: RunsDeps): RunsParts => {
  const { client, store, platforms, openArtifact, links, logger } = deps;
  const listeners = new Set<(run: LiveRun) => void>();
  const budget = deps.budget ?? createMessageBudget();
  const reader = createRunReader(client, store.runs.get);
  const deliver = createRunDelivery({ messages: store.messages, budget, links, openArtifact, logger });

  const changed = (run: LiveRun): void => {
    for (const listener of listeners) {
      try {
        listener(run);
      } catch (error) {
        logger.error({ error: String(error) }, 'a listener to the runs failed');
      }
    }
  };

  const recover = createRecovery({ store, budget, links, logger });
  const telling = createTelling({ deliver, recover, budget, platforms, logger });
  const publish = createPublisher({ reader, store, telling, changed });
  const { queues = defaultQueues } = deps;
  const pace = deps.tickMs === undefined ? {} : { tickMs: deps.tickMs };
  const follower = createFollower({ client, reader, publish, runs: store.runs, logger, queues, ...pace });
  const environments = createEnvironments(client, store.runs);
  const findRun = createFindRun(client, store.runs, deps.stacks);

  const runs: Runs = {
    list: (filter) => store.runs.list(filter),
    search: createSearch({ client, runs: store.runs, queues, logger }),
    attributes: createAttributes(client),
    async get(workflowId) {
      const reading = await reader.read(workflowId, getWithinMs);
      if (reading === null) return null;
      if (reading.open) follower.follow(workflowId);
      return reading.run;
    },
    snapshot: store.runs.get,
    find: findRun,
    async waitingFor(person, limit = everyOne) {
      const waiting = await store.runs.waitingFor(person, limit);
      return waiting.runs.filter((run) => waitsFor(run, person));
    },
    openBesides: async (person, limit) => (await store.runs.openBesides(person, limit)).runs,
    environments,
    audit: (workflowId) => store.audit.of(workflowId),
    artifact: openArtifact,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  return {
    runs,
    reader,
    publish,
    follower,
    findRun,
    freshen: createFreshen(reader, follower),
    reportDrift: createReportDrift({ store, platforms, budget, logger }),
    settled: telling.settled,
  };
};
