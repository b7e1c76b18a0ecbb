import type { Logger } from '../../runtime/logger.ts';
import { ChatError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { Store } from '../store/store.ts';
import { audienceOf, platformName } from './audience.ts';
import { auditEntries } from './audit-entries.ts';
import type { DeliverRun } from './deliver-run.ts';
import type { MessageBudget } from './message-budget.ts';
import type { LiveRun } from './port.ts';
import type { RunGlance, RunReader } from './read-run.ts';
import { createTurns } from './turns.ts';

/** What came of telling everybody how a run stands. */
export interface Published {
  /** null when Temporal knows no such run. */
  readonly run: LiveRun | null;
  readonly open: boolean;
  readonly fingerprint: string;
  /** Somewhere a mere progress edit had to wait. */
  readonly owed: boolean;
  readonly failures: readonly unknown[];
}

export interface PublisherDeps {
  readonly reader: RunReader;
  readonly store: Store;
  readonly deliver: DeliverRun;
  readonly budget: MessageBudget;
  readonly platforms: () => readonly Platform[];
  readonly changed: (run: LiveRun) => void;
  readonly logger: Logger;
}

/** Asks Temporal how a run stands, keeps that, and shows it wherever the run is followed. */
export type Publish = (workflowId: string, glance?: RunGlance) => Promise<Published>;

const readWithinMs = 10_000;
const nothing = { run: null, open: false, fingerprint: '', owed: false, failures: [] } as const;

export const createPublisher = (deps: PublisherDeps): Publish => {
  const { reader, store, deliver, budget, platforms, changed, logger } = deps;
  const turns = createTurns<Published>();
  const audited = new Map<string, number>();

  const audit = async (run: LiveRun, open: boolean): Promise<void> => {
    const { view } = run;
    await store.audit.append(auditEntries(run, audited.get(view.workflowId) ?? 0));
    const last = view.events.at(-1)?.seq;
    if (!open) audited.delete(view.workflowId);
    else if (last !== undefined) audited.set(view.workflowId, last + 1);
  };

  const tellEverybody = async (run: LiveRun): Promise<{ owed: boolean; failures: readonly unknown[] }> => {
    const { view } = run;
    const subscribed = await store.subscriptions.of(view.service);
    const known = new Map(platforms().map((platform) => [platform.name, platform]));
    const told = audienceOf(view, subscribed).map(async (audience) => {
      const platform = known.get(platformName(audience.to));
      if (platform === undefined) return { owed: false };
      try {
        return await deliver(platform, run, audience);
      } catch (error) {
        const quietMs = error instanceof ChatError ? error.retryAfterMs : null;
        if (quietMs !== null) budget.quiet(platform, quietMs);
        logger.warn(
          { workflowId: view.workflowId, conversation: audience.to, error: String(error) },
          'a conversation could not be told how a run stands; it is tried again',
        );
        throw error;
      }
    });
    const results = await Promise.allSettled(told);
    return {
      owed: results.some((result) => result.status === 'fulfilled' && result.value.owed),
      failures: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
    };
  };

  const publish = async (workflowId: string, glance?: RunGlance): Promise<Published> => {
    const reading = await reader.read(workflowId, readWithinMs, glance);
    if (reading === null) return nothing;
    const { run, open, fingerprint } = reading;
    // A run that Temporal has closed stays open here until its end has been told everywhere.
    await store.runs.save(run, true);
    await audit(run, open);
    changed(run);
    const { owed, failures } = await tellEverybody(run);
    if (!open && !owed && failures.length === 0) await store.runs.save(run, false);
    return { run, open, fingerprint, owed, failures };
  };

  return (workflowId, glance) => turns(workflowId, () => publish(workflowId, glance));
};
