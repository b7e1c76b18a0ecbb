import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { artifactKey } from '../artifacts/artifact-key.ts';
import type { Workspaces } from '../git/port.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { commandNotFoundFailure } from '../process/command-not-found.ts';
import { killOrphanProcesses } from '../process/orphan-processes.ts';
import type { CommandResult, RunCommand } from '../process/port.ts';
import { describeExit } from './test-counts.ts';

/** A working tree with its packages installed. */
export interface Installed {
  /** Absolute path of the working tree. */
  readonly path: string;
  /** null: there is no install command, or it already ran in this working tree. */
  readonly result: CommandResult | null;
}

/** Inside `.git`, so that it is deleted with the working tree and does not show in `git status`. */
const getMarkerPath = (path: string, name: string): string => join(path, '.git', `quarterdeck-${name}`);

const toDigest = (line: string): string => createHash('sha256').update(line).digest('hex');

/**
 * Runs the install command once in a working tree. A tree whose installation did not finish is created
 * again first.
 * @throws failureTypes.installFailed, failureTypes.commandNotFound (both not retried).
 */
export const createInstall =
  (deps: { readonly runCommand: RunCommand; readonly workspace: Workspaces['workspace'] }) =>
  async (input: StageInput, logName: string): Promise<Installed> => {
    const { target, workflowId } = input;
    const path = await deps.workspace(input, 'source');
    await killOrphanProcesses(path);
    const line = target.install;
    if (line === null) return { path, result: null };
    const done = await readFile(getMarkerPath(path, 'installed'), 'utf8').catch(() => null);
    if (done === toDigest(line)) return { path, result: null };
    const unfinished = await readFile(getMarkerPath(path, 'installing'), 'utf8').catch(() => null);
    if (unfinished !== null) await deps.workspace(input, 'source', { fresh: true });
    await writeFile(getMarkerPath(path, 'installing'), '');

    const operation = `installing the packages of ${target.name}`;
    const result = await deps.runCommand(
      { operation, file: line, args: [], shell: true, cwd: path },
      artifactKey(workflowId, logName),
    );
    await throwIfInterrupted(result, operation);
    if (result.exitCode !== 0)
      throw (
        commandNotFoundFailure(operation, result) ??
        activityFailure({
          type: failureTypes.installFailed,
          message: `${operation}: \`${line}\` failed (${describeExit(result.exitCode)})`,
          hint: 'The last lines of the log show the error. Push a fix and deploy again, or `retry` after a temporary error.',
          tail: result.tail,
          log: result.log,
        })
      );
    await writeFile(getMarkerPath(path, 'installed'), toDigest(line));
    await rm(getMarkerPath(path, 'installing'), { force: true });
    return { path, result };
  };
