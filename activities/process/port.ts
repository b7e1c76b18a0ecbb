import type { ArtifactRef } from '../../workflows/contract/artifact.ts';

/**
 * Which of the worker's environment variables a command sees; process-env.ts has the lists.
 * - `build`: no credentials. For code from a repository.
 * - `repository`: also the credentials of git and ssh.
 * - `image`: also the settings of Docker and buildah.
 * - `cloud`: everything except Quarterdeck's own variables. For Terraform.
 */
export type Access = 'build' | 'repository' | 'image' | 'cloud';

/** A command to run, without a shell unless `shell` is true. */
export interface ProcessCommand {
  /** The operation, as errors begin: "running the tests of web". */
  readonly operation: string;
  readonly file: string;
  readonly args: readonly string[];
  /** True only for the catalog's install and test lines: `file` is the whole line. */
  readonly shell?: boolean;
  readonly cwd: string;
  /** Default `build`. */
  readonly access?: Access;
  /** Added to the variables that `access` allows; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Further values to redact in the log, the tail and heartbeats. */
  readonly secrets?: readonly string[];
  /**
   * True for a command that must finish even if this worker is killed. It writes to files, because a
   * pipe without a reader would end it in the middle of its work.
   */
  readonly outlivesWorker?: boolean;
  /** Called for every line of stdout, before redaction. Returns the text to log, or null to log nothing. */
  readonly onStdout?: (line: string) => string | null;
  /** The same for stderr. */
  readonly onStderr?: (line: string) => string | null;
  /** The command's progress for the heartbeat; called at most once a second. */
  readonly progress?: () => { readonly done: number | null; readonly total: number | null };
}

/** How a command ended. */
export interface CommandResult {
  /** null if a signal ended it. */
  readonly exitCode: number | null;
  /** True if Quarterdeck stopped it: pass the result to `throwIfInterrupted`. */
  readonly signalled: boolean;
  /** The last 20 lines, redacted, at most 200 characters each. */
  readonly tail: readonly string[];
  /** null without a `logKey`, or if the log could not be stored; the tail then has the reason. */
  readonly log: ArtifactRef | null;
}

/**
 * Runs a command in its own process group, heartbeats its last lines, and stores its redacted log under
 * `logKey`. On cancellation and on worker shutdown it stops the group: SIGINT, SIGTERM, then SIGKILL.
 * A command that fails is a result, not an error.
 * @throws failureTypes.commandNotFound (not retried) when the program cannot be run.
 * @throws failureTypes.storageFailed (retried) when the output files cannot be created.
 */
export type RunCommand = (command: ProcessCommand, logKey: string | null) => Promise<CommandResult>;
