import type { Readable } from 'node:stream';
import type { Client } from '@temporalio/client';
import type { Logger } from '../../runtime/logger.ts';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import { createDelivery, type Delivery } from '../delivery/create-delivery.ts';
import type { MessageBudget } from '../delivery/message-budget.ts';
import { createNotifyUsers } from '../delivery/publisher.ts';
import type { Platform } from '../platform/platform.ts';
import { createRuns, type RunsReadModel } from '../runs/create-runs.ts';
import { createRunReader, type RunReader } from '../runs/read-run.ts';
import type { LiveRun } from '../runs/types.ts';
import type { Store } from '../store/store.ts';

export interface RunServicesDeps {
  readonly client: Client;
  readonly store: Store;
  readonly platforms: () => readonly Platform[];
  readonly openArtifact: (ref: ArtifactRef) => Promise<Readable>;
  readonly links: CardLinks;
  readonly logger: Logger;
  readonly budget?: MessageBudget;
  readonly queues?: RunQueues;
  readonly stacks?: () => readonly string[];
  readonly tickMs?: number;
}

/** The read model of runs and the delivery of their notifications, connected. */
export interface RunServices extends RunsReadModel, Delivery {
  readonly reader: RunReader;
  readonly notifyUsers: ChatActivities['notifyUsers'];
}

/** Connects both: the delivery publishes what the read model's poller finds, and reads runs through it. */
export const createRunServices = (deps: RunServicesDeps): RunServices => {
  const { client, store, logger } = deps;
  const listeners = new Set<(run: LiveRun) => void>();
  const reader = createRunReader(client, store.runs.get);
  const delivery = createDelivery({
    ...deps,
    reader,
    onSnapshot(run) {
      for (const listener of listeners) {
        try {
          listener(run);
        } catch (err) {
          logger.error({ err }, 'a listener for changes of runs failed');
        }
      }
    },
  });
  const readModel = createRuns({
    ...deps,
    reader,
    publish: delivery.publish,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const { poller } = readModel;
  const notifyUsers = createNotifyUsers(delivery.publish, (workflowId) => poller.watch(workflowId));
  return { ...readModel, ...delivery, reader, notifyUsers };
};
