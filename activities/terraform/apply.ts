import type { TerraformActivities } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import { createApplyProgress } from './apply-progress.ts';
import { classify } from './classify.ts';
import { completeLog } from './complete-log.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createDiagnostics, diagnosticLines } from './diagnostics.ts';
import { initialiseOnce } from './init.ts';
import { readPlanFile } from './plan-file.ts';
import { baseScrub } from './secrets/base-scrub.ts';
import type { Scrub } from './secrets/scrubber.ts';
import { logLine, readUiLine } from './ui-line.ts';
import { fetchPlan, verifyApproval } from './verify-plan.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

type Input = Parameters<TerraformActivities['terraformApply']>[0];
type Progress = ReturnType<typeof createApplyProgress>;
type Diagnostics = ReturnType<typeof createDiagnostics>;

const freshPlan =
  'Look at a fresh plan before going on: what was being made may exist without Terraform knowing of it.';

const runApply = (
  deps: TerraformDependencies,
  place: Workplace,
  file: string,
  progress: Progress,
  diagnostics: Diagnostics,
): Promise<CommandResult> =>
  deps.runCommand(
    {
      doing: place.doing,
      file: place.binary,
      args: ['apply', '-json', '-input=false', `-lock-timeout=${deps.lockTimeout ?? '30s'}`, file],
      cwd: place.directory,
      access: 'cloud',
      env: place.env,
      outlives: true,
      onStdout: (text) => {
        const line = readUiLine(text);
        if (!line) return null;
        progress.see(line);
        if (line.diagnostic) diagnostics.add(line.diagnostic);
        return line.type === 'planned_change' ? null : logLine(line);
      },
      progress: () => ({ done: progress.result.done, total: progress.result.total }),
    },
    place.key('terraform-apply.log'),
  );

/** What was done, where anything may have been: one that was killed may have done more than it said. */
const doneBy = (progress: Progress, { exitCode }: CommandResult) =>
  progress.began || exitCode === null ? { applied: progress.result } : {};

const howFar = ({ began, result: { done, total } }: Progress): string =>
  began ? `${done} of ${total} resources done` : 'nothing was begun';

/**
 * Thrown also where the activity was cancelled: a CancelledFailure would reach the workflow without
 * the numbers, and they are what people must know then.
 */
const stopped = ({ doing }: Workplace, progress: Progress, result: CommandResult) =>
  activityFailure({
    type: failureTypes.interrupted,
    message: `${doing}: stopped, ${howFar(progress)}`,
    hint: freshPlan,
    tail: result.tail,
    log: result.log,
    ...doneBy(progress, result),
  });

/**
 * null: the plan cannot be read, and so says nothing of its secrets; then only what is not theirs is
 * told. It throws nothing: a cancellation that came now would hide how far the apply came.
 */
const scrubFor = (deps: TerraformDependencies, place: Workplace, file: string): Promise<Scrub | null> =>
  readPlanFile(deps, place, file).then(
    ({ scrub }) => scrub,
    () => null,
  );

const failed = async (
  deps: TerraformDependencies,
  place: Workplace,
  { file, backend }: { file: string; backend: string },
  { progress, diagnostics }: { progress: Progress; diagnostics: Diagnostics },
  result: CommandResult,
) => {
  const scrub = await scrubFor(deps, place, file);
  const told = scrub ? diagnostics.all.flatMap(diagnosticLines).map(scrub) : [];
  const situation = { doing: place.doing, otherwise: failureTypes.applyFailed, backend };
  const base = baseScrub(deps, place);
  const { type, message, hint } = classify(diagnostics.errors, { ...situation, scrub: scrub ?? base });
  return activityFailure({
    type,
    message: `${message}; ${howFar(progress)}`,
    hint: hint ?? freshPlan,
    tail: (told.length > 0 ? told : result.tail).slice(0, 20),
    log: await completeLog(deps.artifacts, result.log, told),
    ...doneBy(progress, result),
  });
};

const applyIn = async (deps: TerraformDependencies, place: Workplace, input: Input) => {
  verifyApproval(input, place.doing);
  const file = await fetchPlan(deps.artifacts, place, input.plan);
  const backend = await initialiseOnce(deps, place);
  const progress = createApplyProgress();
  const diagnostics = createDiagnostics();
  const result = await runApply(deps, place, file, progress, diagnostics);
  // What was finished before the signal came is finished.
  if (result.exitCode !== 0) {
    if (result.signalled) throw stopped(place, progress, result);
    throw await failed(deps, place, { file, backend }, { progress, diagnostics }, result);
  }
  const applied = progress.result;
  return {
    detail: `${applied.added} added, ${applied.changed} changed, ${applied.destroyed} destroyed`,
    tail: result.tail,
    log: result.log,
    applied,
  };
};

/** `terraform_apply`: applies exactly the approved plan. A failure always says how far it came. */
export const createTerraformApply =
  (deps: TerraformDependencies): TerraformActivities['terraformApply'] =>
  (input) =>
    withWorkplace(deps, input, 'applying', (place) => applyIn(deps, place, input));
