import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { EnvironmentView } from '../../workflows/contract/environment.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { LiveRun } from '../cards/live-run.ts';

export type { LiveRun } from '../cards/live-run.ts';

/** Which runs to list; newest first. */
export interface RunFilter {
  readonly service?: string;
  readonly environment?: string;
  readonly status?: RunStatus;
  readonly requester?: string;
  /** Only runs that have not ended. */
  readonly open?: true;
  readonly limit: number;
  /** Only runs asked for before this time (ms since the epoch): the next page. */
  readonly before?: number;
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
