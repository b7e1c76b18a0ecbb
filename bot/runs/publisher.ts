import type { Audience } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { Store } from '../store/store.ts';
import { auditEntries } from './audit-entries.ts';
import type { LiveRun } from './port.ts';
import type { RunGlance, RunReader } from './read-run.ts';
import type { Telling, Told } from './telling.ts';
import { createTurns } from './turns.ts';

interface Look {
  /** null when Temporal knows no such run. */
  readonly run: LiveRun | null;
  readonly open: boolean;
  readonly fingerprint: string;
}

/** How a run stands, and what came of telling everybody. */
export type Published = Look & Told;

export interface PublisherDeps {
  readonly reader: RunReader;
  readonly store: Store;
  readonly telling: Telling;
  readonly changed: (run: LiveRun) => void;
}

/** Asks Temporal how a run stands, keeps that, and shows it wherever the run is followed. */
export type Publish = (workflowId: string, glance?: RunGlance) => Promise<Published>;

const readWithinMs = 10_000;
const nothing = { run: null, open: false, fingerprint: '', owed: false, failures: [] } as const;

export const createPublisher = (deps: PublisherDeps): Publish => {
  const { reader, store, telling, changed } = deps;
  const turns = createTurns<
    (Look & { readonly stale: boolean; readonly subscribed: readonly Audience[] }) | null
  >();
  const audited = new Map<string, number>();

  const audit = async (run: LiveRun, open: boolean): Promise<void> => {
    const { view } = run;
    await store.audit.append(auditEntries(run, audited.get(view.workflowId) ?? 0));
    const last = view.events.at(-1)?.seq;
    if (!open) audited.delete(view.workflowId);
    else if (last !== undefined) audited.set(view.workflowId, last + 1);
  };

  const look = async (workflowId: string, glance?: RunGlance) => {
    const reading = await reader.read(workflowId, readWithinMs, glance);
    if (reading === null) return null;
    const { run, open } = reading;
    // A run that Temporal has closed stays open here until its end has been told everywhere.
    await store.runs.save(run, true);
    await audit(run, open);
    changed(run);
    return { ...reading, subscribed: await store.subscriptions.of(run.view.name) };
  };

  return async (workflowId, glance) => {
    const seen = await turns(workflowId, () => look(workflowId, glance));
    if (seen?.run == null) return nothing;
    const { run, subscribed, open, fingerprint, stale } = seen;
    // Nothing may be waited for between the two: what was seen later must be told later.
    const { owed, failures: untold } = await telling.everybody({ run, subscribed }, glance !== undefined);
    // What was seen last may name fewer who follow the run than the run itself does.
    const failures = stale
      ? [...untold, new ChatError(`reading the end of ${workflowId}: no worker answers`, 'retryable')]
      : untold;
    if (!open && !owed && failures.length === 0) await store.runs.save(run, false);
    return { run, open, fingerprint, owed, failures };
  };
};
