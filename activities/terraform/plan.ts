import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TerraformActivities, TerraformInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { completeLog } from './complete-log.ts';
import { countWords } from './count-words.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createDiagnostics, diagnosticLines } from './diagnostics.ts';
import { initialise, initialiseOnce } from './init.ts';
import { lockFileName, storeLockFile } from './lock-file.ts';
import { readAndStorePlan, storePlanText } from './plan-file.ts';
import { planFailure, runPlan, withLock } from './run-plan.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

const planIn = async (deps: TerraformDependencies, place: Workplace, input: TerraformInput) => {
  // A stack was set up by the stage before. A deployment's plan does it, also again: that may mend a retry.
  const backend = await ('source' in input.target ? initialiseOnce : initialise)(deps, place);
  const more = [withLock(deps), ...(input.destroy ? ['-destroy'] : [])];
  const file = join(place.scratch, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  const result = await runPlan(deps, place, { file, more }, diagnostics);
  if (result.exitCode !== 0) throw await planFailure(deps, place, { file, backend }, diagnostics, result);
  const content = await readFile(file);
  // Named by what is in it, so that a second try never puts another plan under an approved name.
  const name = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const { summary, scrub, errored, json } = await readAndStorePlan(deps, place, file, `${name}.json`);
  if (errored)
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${place.doing}: Terraform could not finish the plan`,
      tail: result.tail,
      log: result.log,
    });
  const warnings = diagnostics.all.flatMap(diagnosticLines).map(scrub);
  return {
    detail: countWords(summary),
    tail: result.tail,
    log: await completeLog(deps.artifacts, result.log, warnings),
    plan: {
      summary,
      file: await deps.artifacts.put(place.key(`${name}.tfplan`), content),
      text: await storePlanText(deps, place, file, scrub),
      json,
      lock: await storeLockFile(deps.artifacts, join(place.directory, lockFileName), place.key(lockFileName)),
    },
  };
};

/** `terraform_plan`: init, plan, and everything that people and apply need of it. */
export const createTerraformPlan =
  (deps: TerraformDependencies): TerraformActivities['terraformPlan'] =>
  (input) =>
    withWorkplace(deps, input, 'planning', (place) => planIn(deps, place, input));
