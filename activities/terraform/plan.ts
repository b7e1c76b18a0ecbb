import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TerraformActivities, TerraformInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import { throwIfStopped } from '../process/stopped.ts';
import { classify } from './classify.ts';
import { completeLog } from './complete-log.ts';
import { countWords } from './count-words.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createDiagnostics, diagnosticLines } from './diagnostics.ts';
import { initialise, initialiseOnce } from './init.ts';
import { lockFileName, storeLockFile } from './lock-file.ts';
import { readAndStorePlan, readPlanFile, storePlanText } from './plan-file.ts';
import { baseScrub } from './secrets/base-scrub.ts';
import { logLine, readUiLine } from './ui-line.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

type Diagnostics = ReturnType<typeof createDiagnostics>;

const runPlan = async (
  deps: TerraformDependencies,
  place: Workplace,
  { file, destroy }: { readonly file: string; readonly destroy: boolean },
  diagnostics: Diagnostics,
): Promise<CommandResult> => {
  let refreshed = 0;
  const result = await deps.runCommand(
    {
      doing: place.doing,
      file: place.binary,
      args: [
        'plan',
        '-json',
        `-out=${file}`,
        '-input=false',
        `-lock-timeout=${deps.lockTimeout ?? '30s'}`,
        ...(destroy ? ['-destroy'] : []),
      ],
      cwd: place.directory,
      access: 'cloud',
      env: place.env,
      // It holds the state's lock, and gives it back only when it comes to its end.
      outlives: true,
      onStdout: (text) => {
        const line = readUiLine(text);
        if (!line) return null;
        if (line.diagnostic) diagnostics.add(line.diagnostic);
        if (line.type !== 'refresh_start') return logLine(line);
        refreshed += 1;
        return `refreshing ${refreshed}: ${line.hook?.resource.addr ?? ''}`;
      },
      progress: () => ({ done: refreshed > 0 ? refreshed : null, total: null }),
    },
    place.key('terraform-plan.log'),
  );
  await throwIfStopped(result, place.doing);
  return result;
};

const exists = async (file: string): Promise<boolean> => (await stat(file).catch(() => null)) !== null;

/** An errored plan is written too, and says what in it is secret; without one there is nothing to say. */
const knownScrub = async (deps: TerraformDependencies, place: Workplace, file: string) => {
  if (!(await exists(file))) return baseScrub(deps, place);
  return (await readPlanFile(deps, place, file)).scrub;
};

const planFailure = async (
  deps: TerraformDependencies,
  place: Workplace,
  { file, backend }: { file: string; backend: string },
  diagnostics: Diagnostics,
  result: CommandResult,
) => {
  const scrub = await knownScrub(deps, place, file);
  const lines = diagnostics.all.flatMap(diagnosticLines).map(scrub);
  const situation = { doing: place.doing, otherwise: failureTypes.planFailed, backend, scrub };
  return activityFailure({
    ...classify(diagnostics.errors, situation),
    tail: (lines.length > 0 ? lines : result.tail).slice(0, 20),
    log: await completeLog(deps.artifacts, result.log, lines),
  });
};

const planIn = async (deps: TerraformDependencies, place: Workplace, input: TerraformInput) => {
  // A stack was set up by the stage before. A deployment's plan does it, also again: that may mend a retry.
  const backend = await ('source' in input.target ? initialiseOnce : initialise)(deps, place);
  const { destroy = false } = input;
  const file = join(place.scratch, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  const result = await runPlan(deps, place, { file, destroy }, diagnostics);
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
