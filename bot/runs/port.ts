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
  /** Only runs asked for at this time (ms since the epoch) or later. */
  readonly since?: number;
  /** Only runs asked for before this time. */
  readonly until?: number;
  readonly limit: number;
  /** How many of the newest are left out. */
  readonly offset?: number;
}

/** Which runs to look for, and which page of them: the first is 1. */
export interface RunSearch extends Pick<RunFilter, SearchedBy> {
  readonly page: number;
  readonly pageSize: number;
}

type SearchedBy = 'service' | 'environment' | 'status' | 'requester' | 'since' | 'until';

/** A page of what was found: the open runs first, then what ended last. */
export interface FoundRuns {
  readonly runs: readonly ListedRun[];
  /** How many there are in all. */
  readonly total: number;
  /** Temporal did not answer, so these are the runs as they were seen last. */
  readonly stale: boolean;
}

/** What a run can be found by. */
export interface RunAttribute {
  readonly name: string;
  readonly value: string;
}

/** One line of the append-only audit trail. `at` is milliseconds since the epoch. */
export interface AuditEntry {
  readonly at: number;
  readonly workflowId: string;
  readonly kind: string;
  /** Work e-mail, or null when nobody in particular did it. */
  readonly by: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The runs as the bot knows them. */
export interface Runs {
  /** From the newest snapshot of each run. */
  list(filter: RunFilter): Promise<readonly LiveRun[]>;
  /** Asks Temporal's list, which has every run, also of those that the bot never saw. */
  search(search: RunSearch): Promise<FoundRuns>;
  /** The search attributes of a run. Rejects when Temporal does not answer. */
  attributes(workflowId: string): Promise<readonly RunAttribute[]>;
  /** Asks Temporal; null when there is no such run. */
  get(workflowId: string): Promise<LiveRun | null>;
  /** As it was seen last; null when it never was. */
  snapshot(workflowId: string): Promise<LiveRun | null>;
  /** The workflow id that a person meant by what they typed; throws `UserError`. */
  find(typed: string): Promise<string>;
  /** Open runs that wait for this person's decision; newest first, all of them when no limit is given. */
  waitingFor(person: Person, limit?: number): Promise<readonly LiveRun[]>;
  /** Open runs that wait for others, newest first. */
  openBesides(person: Person, limit: number): Promise<readonly LiveRun[]>;
  /** Every environment that was ever deployed to or queued for. */
  environments(): Promise<readonly EnvironmentView[]>;
  audit(workflowId: string): Promise<readonly AuditEntry[]>;
  /** Opens a log or a plan text. */
  artifact(ref: ArtifactRef): Promise<Readable>;
  /** Called after every change that was seen; returns the way to stop. */
  onChange(listener: (run: LiveRun) => void): () => void;
}
