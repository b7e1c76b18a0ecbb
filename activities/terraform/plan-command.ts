import { stat } from 'node:fs/promises';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import { classify } from './classify-errors.ts';
import {
  appendToLog,
  type createDiagnostics,
  formatDiagnostic,
  parseUiLine,
  toLogLine,
} from './machine-readable-ui.ts';
import { readPlanFile } from './plan-file.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

type Diagnostics = ReturnType<typeof createDiagnostics>;

interface PlanOptions {
  /** Where the plan file is written. */
  readonly file: string;
  readonly more: readonly string[];
}

/** Waits for the state's lock, and keeps everybody else waiting. */
export const lockTimeoutOption = ({ lockTimeout = '30s' }: TerraformDependencies): string =>
  `-lock-timeout=${lockTimeout}`;

/** Runs `terraform plan`. */
export const runPlan = async (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  { file, more }: PlanOptions,
  diagnostics: Diagnostics,
): Promise<CommandResult> => {
  let refreshed = 0;
  const result = await deps.runCommand(
    {
      operation: place.operation,
      file: place.binary,
      args: ['plan', '-json', `-out=${file}`, '-input=false', ...more],
      cwd: place.directory,
      access: 'cloud',
      env: place.env,
      // It holds the state's lock, and gives it back only when it comes to its end.
      outlivesWorker: true,
      onStdout: (text) => {
        const line = parseUiLine(text);
        if (!line) return null;
        if (line.diagnostic) diagnostics.add(line.diagnostic);
        if (line.type !== 'refresh_start') return toLogLine(line);
        refreshed += 1;
        return `refreshing ${refreshed}: ${line.hook?.resource.addr ?? ''}`;
      },
      progress: () => ({ done: refreshed > 0 ? refreshed : null, total: null }),
    },
    place.key('terraform-plan.log'),
  );
  await throwIfInterrupted(result, place.operation);
  return result;
};

const exists = async (file: string): Promise<boolean> => (await stat(file).catch(() => null)) !== null;

/** An errored plan is written too, and says what in it is secret; without one there is nothing to say. */
const knownScrub = async (deps: TerraformDependencies, place: TerraformWorkspace, file: string) => {
  if (!(await exists(file))) return createBaseRedactor(deps, place);
  return (await readPlanFile(deps, place, file)).redact;
};

/** Why there is no plan, from what Terraform complained of. */
export const toPlanFailure = async (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  { file, backend }: { readonly file: string; readonly backend: string },
  diagnostics: Diagnostics,
  result: CommandResult,
) => {
  const scrub = await knownScrub(deps, place, file);
  const lines = diagnostics.all.flatMap(formatDiagnostic).map(scrub);
  const situation = { doing: place.operation, otherwise: failureTypes.planFailed, backend, scrub };
  return activityFailure({
    ...classify(diagnostics.errors, situation),
    tail: (lines.length > 0 ? lines : result.tail).slice(0, 20),
    log: await appendToLog(deps.artifacts, result.log, lines),
  });
};
