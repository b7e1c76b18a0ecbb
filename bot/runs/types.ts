import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { EnvironmentView } from '../../workflows/contract/environment.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { ListedRun, LiveRun } from '../cards/listed-run.ts';

export type { LiveRun } from '../cards/listed-run.ts';

/** Which runs to list; newest first. */
export interface RunFilter {
  readonly service?: string;
  readonly environment?: string;
  readonly status?: RunStatus;
  readonly requester?: string;
  /** Only runs that have not ended. */
  readonly open?: true;
  /** Only runs that were requested at this time (milliseconds since the epoch) or later. */
  readonly since?: number;
  /** Only runs that were requested before this time (milliseconds since the epoch). */
  readonly until?: number;
  readonly limit: number;
  /** How many of the newest to skip. */
  readonly offset?: number;
}

/** A search for runs, and the page of its result; the first page is 1. */
export interface RunSearch extends Pick<RunFilter, SearchedBy> {
  readonly page: number;
  readonly pageSize: number;
}

type SearchedBy = 'service' | 'environment' | 'status' | 'requester' | 'since' | 'until';

/** A page of the result: open runs first, then the runs that ended last. */
export interface RunSearchResult {
  readonly runs: readonly ListedRun[];
  /** The number of runs on all pages. */
  readonly total: number;
  /** Temporal did not answer, so the result comes from stored snapshots. */
  readonly stale: boolean;
}

/** A search attribute of a run, as Temporal stores it. */
export interface RunAttribute {
  readonly name: string;
  readonly value: string;
}

/** One entry of the append-only audit trail. `at` is milliseconds since the epoch. */
export interface AuditEntry {
  readonly at: number;
  readonly workflowId: string;
  readonly kind: string;
  /** Work email, or null for what no person did. */
  readonly by: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Reads runs. Snapshots come from the store; everything else comes from Temporal. */
export interface Runs {
  /** Lists the newest snapshot of each run. */
  list(filter: RunFilter): Promise<readonly LiveRun[]>;
  /** Searches Temporal's list, which has every run. Falls back to snapshots when Temporal does not answer. */
  search(search: RunSearch): Promise<RunSearchResult>;
  /** The search attributes of a run. Rejects when Temporal does not answer. */
  attributes(workflowId: string): Promise<readonly RunAttribute[]>;
  /** Reads the run from Temporal; null when it does not exist. Rejects when Temporal does not answer. */
  get(workflowId: string): Promise<LiveRun | null>;
  /** The last stored snapshot; null when there is none. */
  snapshot(workflowId: string): Promise<LiveRun | null>;
  /** Resolves what a person typed to a workflow ID; throws `UserError`. */
  find(typed: string): Promise<string>;
  /** Open runs that wait for this person's decision; newest first, all of them when no limit is given. */
  waitingFor(person: Person, limit?: number): Promise<readonly LiveRun[]>;
  /** Open runs that wait for others, newest first. */
  openForOthers(person: Person, limit: number): Promise<readonly LiveRun[]>;
  /** Every environment and stack that has a run. */
  environments(): Promise<readonly EnvironmentView[]>;
  /** The audit trail of a run; oldest entry first. */
  audit(workflowId: string): Promise<readonly AuditEntry[]>;
  /** Opens a log or the text of a plan. */
  artifact(ref: ArtifactRef): Promise<Readable>;
  /** Calls the listener with every stored snapshot. Returns a function that unsubscribes. */
  onChange(listener: (run: LiveRun) => void): () => void;
}
