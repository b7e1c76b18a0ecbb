import type { Client } from '@temporalio/client';
import type { CatalogSummary } from '../../activities/catalog/catalog-summary.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import type { RunServices } from '../process/run-services.ts';
import type { Store } from '../store/store.ts';
import type { RetryBudget } from './handling/temporal-retry.ts';
import type { CommandSpec } from './spec.ts';

/** What the bot may know of the catalog; null when it has no valid catalog and only the worker can check a target. */
export type GetCatalogSummary = () => CatalogSummary | null;

/** A command that people can type. `run` throws `UserError` for problems that the person can fix. */
export interface Command extends CommandSpec {
  /** `text` is everything after the command, trimmed, with a phone's dashes and quotes replaced by plain ones. */
  readonly run: (call: Invocation, text: string) => Promise<Reply>;
}

/** What every command may use. */
export interface CommandDeps {
  readonly client: Client;
  readonly store: Store;
  readonly parts: RunServices;
  readonly getCatalogSummary: GetCatalogSummary;
  readonly links: CardLinks;
  readonly logger: Logger;
  /** How long a change is retried while Temporal is unavailable. */
  readonly retryBudget: RetryBudget;
  /** The task queues of the runs; tests that share a server use their own. */
  readonly queues?: RunQueues;
}
