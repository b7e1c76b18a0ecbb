import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TerraformActivities, TerraformInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { ensureInitialized, providerLockFile, runInit, storeProviderLock } from './init.ts';
import { appendToLog, createDiagnostics, formatDiagnostic } from './machine-readable-ui.ts';
import { lockTimeoutOption, runPlan, toPlanFailure } from './plan-command.ts';
import { readAndStorePlan, storePlanText } from './plan-file.ts';
import type { TerraformDependencies } from './workspace.ts';
import { type TerraformWorkspace, withWorkspace } from './workspace.ts';

const planIn = async (deps: TerraformDependencies, place: TerraformWorkspace, input: TerraformInput) => {
  // A stack was set up by the stage before. A deployment's plan does it, also again: that may mend a retry.
  const backend = await (input.target.kind === 'stack' ? ensureInitialized : runInit)(deps, place);
  const more = [lockTimeoutOption(deps), ...(input.destroy ? ['-destroy'] : [])];
  const file = join(place.tempDir, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  const result = await runPlan(deps, place, { file, more }, diagnostics);
  if (result.exitCode !== 0) throw await toPlanFailure(deps, place, { file, backend }, diagnostics, result);
  const content = await readFile(file);
  // Named by what is in it, so that a second try never puts another plan under an approved name.
  const name = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const { summary, redact: scrub, errored, json } = await readAndStorePlan(deps, place, file, `${name}.json`);
  if (errored)
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${place.operation}: Terraform could not finish the plan`,
      tail: result.tail,
      log: result.log,
    });
  const warnings = diagnostics.all.flatMap(formatDiagnostic).map(scrub);
  return {
    detail: describeCounts(summary),
    tail: result.tail,
    log: await appendToLog(deps.artifacts, result.log, warnings),
    plan: {
      summary,
      file: await deps.artifacts.put(place.key(`${name}.tfplan`), content),
      text: await storePlanText(deps, place, file, scrub),
      json,
      lock: await storeProviderLock(
        deps.artifacts,
        join(place.directory, providerLockFile),
        place.key(providerLockFile),
      ),
    },
  };
};

/** `terraform_plan`: init, plan, and everything that people and apply need of it. */
export const createTerraformPlan =
  (deps: TerraformDependencies): TerraformActivities['terraformPlan'] =>
  (input) =>
    withWorkspace(deps, input, 'planning', (place) => planIn(deps, place, input));
