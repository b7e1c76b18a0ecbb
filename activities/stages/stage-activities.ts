import type { DeployActivities } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { artifactKey } from '../artifacts/artifact-key.ts';
import type { Workspaces } from '../git/port.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { commandNotFoundFailure } from '../process/command-not-found.ts';
import { cleanLine } from '../process/output-lines.ts';
import type { RunCommand } from '../process/port.ts';
import { createInstall } from './install.ts';
import {
  createTestCounter,
  describeTestFailure,
  describeTestSuccess,
  formatDuration,
} from './test-counts.ts';

/**
 * The activities `install_packages` and `perform_tests`: the catalog's commands, in one working tree.
 * They throw failureTypes.installFailed, failureTypes.testsFailed and failureTypes.commandNotFound, which
 * are not retried.
 */
export const createStageActivities = (deps: {
  readonly runCommand: RunCommand;
  readonly workspace: Workspaces['workspace'];
}): Pick<DeployActivities, 'installPackages' | 'performTests'> => {
  const install = createInstall(deps);

  return {
    /** Runs once in a working tree: a second attempt finds the installed packages. */
    async installPackages(input) {
      const startedAt = Date.now();
      const { result } = await install(input, `install_packages-${input.attempt}.log`);
      const already = input.target.install === null ? 'nothing to install' : 'already installed';
      if (!result) return { detail: already, tail: [], log: null };
      const detail = `installed in ${formatDuration(Date.now() - startedAt)}`;
      return { detail, tail: result.tail, log: result.log };
    },

    /** Installs first if `install_packages` ran on another worker. */
    async performTests(input) {
      const { target, workflowId, attempt } = input;
      const line = target.test;
      if (line === null) return { detail: 'no tests', tail: [], log: null };
      const { path } = await install(input, `perform_tests-${attempt}-install.log`);
      const operation = `testing ${target.name}`;
      const counter = createTestCounter();
      const count = (text: string): string => {
        counter.add(cleanLine(text));
        return text;
      };
      const startedAt = Date.now();
      const result = await deps.runCommand(
        { operation, file: line, args: [], shell: true, cwd: path, onStdout: count, onStderr: count },
        artifactKey(workflowId, `perform_tests-${attempt}.log`),
      );
      await throwIfInterrupted(result, operation);
      const { exitCode, tail, log } = result;
      const counts = counter.counts();
      if (exitCode === 0) return { detail: describeTestSuccess(counts, Date.now() - startedAt), tail, log };
      throw (
        commandNotFoundFailure(operation, result) ??
        activityFailure({
          type: failureTypes.testsFailed,
          message: `${operation}: ${describeTestFailure(counts, exitCode)}`,
          hint: `The log has the whole output. Run \`${line}\` at ${input.revision.slice(0, 12)} to reproduce it. Push a fix and deploy again.`,
          tail,
          log,
        })
      );
    },
  };
};
