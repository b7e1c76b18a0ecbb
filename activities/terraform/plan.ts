import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TerraformActivities, TerraformInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { describePlan } from '../../workflows/contract/plan-counts.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { ensureInitialized, runInit, storeProviderLock } from './init.ts';
import { appendToLog, createDiagnostics, formatDiagnostic } from './machine-readable-ui.ts';
import { lockTimeoutOption, runPlan, toPlanFailure } from './plan-command.ts';
import { readAndStorePlan, storePlanText } from './plan-file.ts';
import { type TerraformDependencies, type TerraformWorkspace, withWorkspace } from './workspace.ts';

const planIn = async (deps: TerraformDependencies, workspace: TerraformWorkspace, input: TerraformInput) => {
  // `terraform_init` has initialized a stack. A deployment's plan always runs init, so that a retry repairs it.
  const initialize = input.target.kind === 'stack' ? ensureInitialized : runInit;
  const backend = await initialize(deps, workspace);
  const extraArgs = [lockTimeoutOption(deps), ...(input.destroy ? ['-destroy'] : [])];
  const file = join(workspace.tempDir, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  const result = await runPlan(deps, workspace, { file, extraArgs }, diagnostics);
  if (result.exitCode !== 0)
    throw await toPlanFailure(deps, workspace, { file, backend }, diagnostics, result);
  const content = await readFile(file);
  // Named by its content, so that another attempt never stores another plan under an approved name.
  const name = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const { summary, redact, errored, json } = await readAndStorePlan(deps, workspace, file, `${name}.json`);
  if (errored)
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${workspace.operation}: Terraform could not complete the plan`,
      tail: result.tail,
      log: result.log,
    });
  const warnings = diagnostics.all.flatMap(formatDiagnostic).map(redact);
  return {
    detail: describePlan(summary),
    tail: result.tail,
    log: await appendToLog(deps.artifacts, result.log, warnings),
    plan: {
      summary,
      file: await deps.artifacts.put(workspace.key(`${name}.tfplan`), content),
      text: await storePlanText(deps, workspace, file, redact),
      json,
      lock: await storeProviderLock(deps.artifacts, workspace),
    },
  };
};

/**
 * `terraform_plan`: runs init and plan, and stores the plan file, its text, its JSON for the policy, and the
 * provider lock file.
 * @throws planFailed, initFailed (both retried when transient, up to 5 attempts), stateLocked (retried up to
 *   5 attempts), storageFailed, interrupted (retried); noBackend, catalogInvalid, missingCredentials,
 *   terraformMissing (not retried).
 */
export const createTerraformPlan =
  (deps: TerraformDependencies): TerraformActivities['terraformPlan'] =>
  (input) =>
    withWorkspace(deps, input, 'planning', (workspace) => planIn(deps, workspace, input));
