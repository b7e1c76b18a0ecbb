import type { TerraformActivities } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import { createApplyProgress } from './apply-progress.ts';
import { classify } from './classify-errors.ts';
import { ensureInitialized } from './init.ts';
import {
  appendToLog,
  createDiagnostics,
  formatDiagnostic,
  parseUiLine,
  toLogLine,
} from './machine-readable-ui.ts';
import { readPlanFile } from './plan-file.ts';
import type { Redact } from './secrets/redactor.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import { fetchApprovedPlan, verifyApproval } from './verify-plan.ts';
import type { TerraformDependencies } from './workspace.ts';
import { type TerraformWorkspace, withWorkspace } from './workspace.ts';

type Input = Parameters<TerraformActivities['terraformApply']>[0];
type Progress = ReturnType<typeof createApplyProgress>;
type Diagnostics = ReturnType<typeof createDiagnostics>;

const freshPlan =
  'Look at a fresh plan before going on: what was being made may exist without Terraform knowing of it.';

const runApply = (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  file: string,
  progress: Progress,
  diagnostics: Diagnostics,
): Promise<CommandResult> =>
  deps.runCommand(
    {
      operation: place.operation,
      file: place.binary,
      args: ['apply', '-json', '-input=false', `-lock-timeout=${deps.lockTimeout ?? '30s'}`, file],
      cwd: place.directory,
      access: 'cloud',
      env: place.env,
      outlivesWorker: true,
      onStdout: (text) => {
        const line = parseUiLine(text);
        if (!line) return null;
        progress.see(line);
        if (line.diagnostic) diagnostics.add(line.diagnostic);
        return line.type === 'planned_change' ? null : toLogLine(line);
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
const stopped = ({ operation: doing }: TerraformWorkspace, progress: Progress, result: CommandResult) =>
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
const scrubFor = (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  file: string,
): Promise<Redact | null> =>
  readPlanFile(deps, place, file).then(
    ({ redact: scrub }) => scrub,
    () => null,
  );

const failed = async (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  { file, backend }: { file: string; backend: string },
  { progress, diagnostics }: { progress: Progress; diagnostics: Diagnostics },
  result: CommandResult,
) => {
  const scrub = await scrubFor(deps, place, file);
  const told = scrub ? diagnostics.all.flatMap(formatDiagnostic).map(scrub) : [];
  const situation = { doing: place.operation, otherwise: failureTypes.applyFailed, backend };
  const base = createBaseRedactor(deps, place);
  const { type, message, hint } = classify(diagnostics.errors, { ...situation, scrub: scrub ?? base });
  return activityFailure({
    type,
    message: `${message}; ${howFar(progress)}`,
    hint: hint ?? freshPlan,
    tail: (told.length > 0 ? told : result.tail).slice(0, 20),
    log: await appendToLog(deps.artifacts, result.log, told),
    ...doneBy(progress, result),
  });
};

const applyIn = async (deps: TerraformDependencies, place: TerraformWorkspace, input: Input) => {
  verifyApproval(input, place.operation);
  const file = await fetchApprovedPlan(deps.artifacts, place, input.plan);
  const backend = await ensureInitialized(deps, place);
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
    withWorkspace(deps, input, 'applying', (place) => applyIn(deps, place, input));
