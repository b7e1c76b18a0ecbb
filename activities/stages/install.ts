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

export interface Installed {
  readonly path: string;
  /** null: there was nothing to do, or it was already done in this working tree. */
  readonly result: CommandResult | null;
}

/** Inside `.git`, so that it goes with the working tree and never shows in `git status`. */
const markOf = (path: string, name: string): string => join(path, '.git', `quarterdeck-${name}`);

const digest = (line: string): string => createHash('sha256').update(line).digest('hex');

/** Installs once a working tree. One whose installation was begun and not finished is made again first. */
export const createInstall =
  (deps: { readonly runCommand: RunCommand; readonly workspace: Workspaces['workspace'] }) =>
  async (input: StageInput, logName: string): Promise<Installed> => {
    const { target, workflowId } = input;
    const path = await deps.workspace(input, 'source');
    await killOrphanProcesses(path);
    const line = target.install;
    if (line === null) return { path, result: null };
    const done = await readFile(markOf(path, 'installed'), 'utf8').catch(() => null);
    if (done === digest(line)) return { path, result: null };
    const begun = await readFile(markOf(path, 'installing'), 'utf8').catch(() => null);
    if (begun !== null) await deps.workspace(input, 'source', { fresh: true });
    await writeFile(markOf(path, 'installing'), '');

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
          message: `${operation}: \`${line}\` failed, ${describeExit(result.exitCode)}`,
          hint: 'Its last lines say why. Push a fix and deploy again, or retry when it was a passing trouble.',
          tail: result.tail,
          log: result.log,
        })
      );
    await writeFile(markOf(path, 'installed'), digest(line));
    await rm(markOf(path, 'installing'), { force: true });
    return { path, result };
  };
