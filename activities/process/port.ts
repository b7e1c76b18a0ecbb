import type { ArtifactRef } from '../../workflows/contract/artifact.ts';

/** A command to run. Nothing goes through a shell unless `shell` says so. */
export interface Command {
  /** What is being done, for errors: "running the tests of web". */
  readonly doing: string;
  readonly file: string;
  readonly args: readonly string[];
  /** True only for the catalog's own install and test lines. */
  readonly shell?: boolean;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Every line of stdout, before it is logged; returns what to log, or null for nothing. */
  readonly onStdout?: (line: string) => string | null;
  readonly onStderr?: (line: string) => string | null;
}

/** How a command ended. `signalled` is true when we stopped it. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly signalled: boolean;
  readonly tail: readonly string[];
  readonly log: ArtifactRef;
}

/**
 * Runs a command in its own process group, heartbeats its last lines, keeps its scrubbed log in the
 * artifact store under `logKey`, and on cancellation stops the whole group: SIGINT, then SIGTERM, then SIGKILL.
 */
export type RunCommand = (command: Command, logKey: string) => Promise<CommandResult>;
