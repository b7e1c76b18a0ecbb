import type { Client } from '@temporalio/client';
import type { Logger } from '../../runtime/logger.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import type { RunServices } from '../runs/create-runs.ts';
import type { Store } from '../store/store.ts';
import type { GetCatalogSummary } from './catalog-summary.ts';
import type { CommandSpec } from './spec.ts';

/** A word with what it does. `run` throws `UserError` for what the person can mend. */
export interface Command extends CommandSpec {
  /** `text` is what follows the word, trimmed, with the dashes and quotes of phones made plain. */
  readonly run: (call: Invocation, text: string) => Promise<Reply>;
}

/** What the commands are made from. */
export interface CommandDeps {
  readonly client: Client;
  readonly store: Store;
  readonly parts: RunServices;
  readonly getCatalogSummary: GetCatalogSummary;
  readonly links: CardLinks;
  readonly logger: Logger;
  /** How long a change is tried while Temporal is away. */
  readonly retryBudget: RetryBudget;
  /** The queues of the runs; tests that share a server keep theirs apart. */
  readonly queues?: RunQueues;
}

export interface RetryBudget {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Ends the wait early: the bot is stopping. */
  readonly abortSignal: AbortSignal;
}
