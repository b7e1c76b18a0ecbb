import type { Readable } from 'node:stream';
import type { Logger } from '../../runtime/logger.ts';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Platform } from '../platform/platform.ts';
import type { RunReader } from '../runs/read-run.ts';
import type { Publish } from '../runs/run-poller.ts';
import type { LiveRun } from '../runs/types.ts';
import type { Store } from '../store/store.ts';
import { Broadcaster } from './broadcaster.ts';
import { createRunDelivery } from './deliver-run.ts';
import { createMessageBudget, type MessageBudget } from './message-budget.ts';
import { createPublisher } from './publisher.ts';
import { createRecovery } from './recovery.ts';
import { createReportDrift } from './report-drift.ts';

export interface DeliveryDeps {
  readonly reader: RunReader;
  readonly store: Store;
  readonly platforms: () => readonly Platform[];
  readonly openArtifact: (ref: ArtifactRef) => Promise<Readable>;
  readonly links: CardLinks;
  readonly logger: Logger;
  readonly budget?: MessageBudget;
  /** Called with every snapshot that was stored. */
  readonly onSnapshot: (run: LiveRun) => void;
}

/** The notifications of runs and drift. README.md in this folder shows how one travels. */
export interface Delivery {
  readonly publish: Publish;
  readonly reportDrift: ChatActivities['reportDrift'];
  /** Resolves when every started delivery has ended. */
  readonly settled: () => Promise<void>;
}

export const createDelivery = (deps: DeliveryDeps): Delivery => {
  const { reader, store, platforms, openArtifact, links, logger, onSnapshot } = deps;
  const budget = deps.budget ?? createMessageBudget();
  const deliver = createRunDelivery({ messages: store.messages, budget, links, openArtifact, logger });
  const postRecovery = createRecovery({ store, budget, links, logger });
  const broadcaster = new Broadcaster({ deliver, postRecovery, budget, platforms, logger });
  return {
    publish: createPublisher({ reader, store, broadcaster, onSnapshot }),
    reportDrift: createReportDrift({ store, platforms, budget, logger }),
    settled: () => broadcaster.settled(),
  };
};
