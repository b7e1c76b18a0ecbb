import type { ArtifactRef } from '../../workflows/contract/artifact.ts';

/**
 * What of the worker's environment a command may see, see environment.ts. `build`: no credentials,
 * for code out of a repository. `repository`: also what git and ssh log in with. `image`: also what
 * docker and buildah are set with. `cloud`: everything but what belongs to Quarterdeck itself, for Terraform.
 */
export type Access = 'build' | 'repository' | 'image' | 'cloud';

/** A command to run. Nothing goes through a shell unless `shell` says so. */
export interface ProcessCommand {
  /** What is being done, for errors: "running the tests of web". */
  readonly operation: string;
  readonly file: string;
  readonly args: readonly string[];
  /** True only for the catalog's own install and test lines: `file` is the whole line. */
  readonly shell?: boolean;
  readonly cwd: string;
  /** Default `build`. */
  readonly access?: Access;
  /** Added to the environment that `access` gives; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** More values that must not be seen in the log, the tail or a heartbeat. */
  readonly secrets?: readonly string[];
  /**
   * True for what must come to its own end also when this worker is killed: it then writes to files,
   * because a pipe that nobody reads any more would end it in the middle of its work.
   */
  readonly outlivesWorker?: boolean;
  /** Every line of stdout, before it is logged; returns what to log, or null for nothing. */
  readonly onStdout?: (line: string) => string | null;
  readonly onStderr?: (line: string) => string | null;
  /** How far it is, for the heartbeat; asked at most once a second. */
  readonly progress?: () => { readonly done: number | null; readonly total: number | null };
}

/** How a command ended. `signalled` is true when we stopped it: see `throwIfStopped`. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly signalled: boolean;
  /** Last 20 lines, scrubbed and cut to a length that a history can bear. */
  readonly tail: readonly string[];
  /** null when no `logKey` was given, or when it could not be stored: the tail then says why. */
  readonly log: ArtifactRef | null;
}

/**
 * Runs a command in its own process group, heartbeats its last lines, keeps its scrubbed log in the
 * artifact store under `logKey`, and on cancellation stops the whole group: SIGINT, then SIGTERM, then SIGKILL.
 * A command that fails is a result; one that cannot be found is an `ApplicationFailure`.
 */
export type RunCommand = (command: ProcessCommand, logKey: string | null) => Promise<CommandResult>;
