import { stat } from 'node:fs/promises';
import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import type { Redact } from '../process/redact.ts';
import { classifyErrors } from './classify-errors.ts';
import {
  appendToLog,
  type Diagnostics,
  formatDiagnostic,
  parseUiLine,
  toLogLine,
} from './machine-readable-ui.ts';
import { readPlanFile } from './plan-file.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

interface PlanOptions {
  /** Where Terraform writes the plan file. */
  readonly file: string;
  readonly extraArgs: readonly string[];
}

/** Makes Terraform wait for the state lock; other processes then wait for this one. */
export const lockTimeoutOption = ({
  lockTimeout = '30s',
}: Pick<TerraformDependencies, 'lockTimeout'>): string => `-lock-timeout=${lockTimeout}`;

/**
 * Runs `terraform plan` and heartbeats the number of refreshed resources. A plan that fails is a result.
 * @throws interrupted when the worker shuts down (retried on another worker); CancelledFailure.
 * @see https://developer.hashicorp.com/terraform/cli/commands/plan
 */
export const runPlan = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  { file, extraArgs }: PlanOptions,
  diagnostics: Diagnostics,
): Promise<CommandResult> => {
  let refreshed = 0;
  const result = await deps.runCommand(
    {
      operation: workspace.operation,
      file: workspace.binary,
      args: ['plan', '-json', `-out=${file}`, '-input=false', ...extraArgs],
      cwd: workspace.directory,
      access: 'cloud',
      env: workspace.env,
      // It holds the state lock and releases it only when it ends by itself.
      outlivesWorker: true,
      onStdout: (text) => {
        const line = parseUiLine(text);
        if (!line) return null;
        diagnostics.collect(line);
        if (line.type !== 'refresh_start') return toLogLine(line);
        refreshed += 1;
        return `refreshing ${refreshed}: ${line.hook?.resource.addr ?? ''}`;
      },
      progress: () => ({ done: refreshed > 0 ? refreshed : null, total: null }),
    },
    workspace.key('terraform-plan.log'),
  );
  await throwIfInterrupted(result, workspace.operation);
  return result;
};

/** Terraform also writes a plan file when planning fails; that file tells which values are sensitive. */
const createFailureRedactor = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  file: string,
): Promise<Redact> => {
  const exists = (await stat(file).catch(() => null)) !== null;
  return exists ? (await readPlanFile(deps, workspace, file)).redact : createBaseRedactor(deps, workspace);
};

/** The failure of a `terraform plan`, from its diagnostics; see `classifyErrors` for the types. */
export const toPlanFailure = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  { file, backend }: { readonly file: string; readonly backend: string },
  diagnostics: Diagnostics,
  result: CommandResult,
): Promise<ApplicationFailure> => {
  const redact = await createFailureRedactor(deps, workspace, file);
  const lines = diagnostics.all.flatMap(formatDiagnostic).map(redact);
  const { operation } = workspace;
  return activityFailure({
    ...classifyErrors(diagnostics.errors, {
      operation,
      defaultType: failureTypes.planFailed,
      backend,
      redact,
    }),
    tail: (lines.length > 0 ? lines : result.tail).slice(0, 20),
    log: await appendToLog(deps.artifacts, result.log, lines),
  });
};
