import type { ApplicationFailure } from '@temporalio/common';
import type { TerraformActivities } from '../../workflows/contract/activities.ts';
import { type FailureDetails, failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import type { Redact } from '../process/redact.ts';
import { type ApplyProgress, createApplyProgress } from './apply-progress.ts';
import { classifyErrors } from './classify-errors.ts';
import { ensureInitialized } from './init.ts';
import {
  appendToLog,
  createDiagnostics,
  type Diagnostics,
  formatDiagnostic,
  parseUiLine,
  toLogLine,
} from './machine-readable-ui.ts';
import { lockTimeoutOption } from './plan-command.ts';
import { readPlanFile } from './plan-file.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import { fetchApprovedPlan, verifyApproval } from './verify-plan.ts';
import { type TerraformDependencies, type TerraformWorkspace, withWorkspace } from './workspace.ts';

type ApplyInput = Parameters<TerraformActivities['terraformApply']>[0];

/** One apply: its plan file, the backend's type, and what Terraform has reported so far. */
interface Apply {
  readonly file: string;
  readonly backend: string;
  readonly progress: ApplyProgress;
  readonly diagnostics: Diagnostics;
}

const reviewHint =
  'Review a new plan before you continue: resources may exist that Terraform has not recorded in the state.';

const runApply = (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  { file, progress, diagnostics }: Apply,
): Promise<CommandResult> =>
  deps.runCommand(
    {
      operation: workspace.operation,
      file: workspace.binary,
      args: ['apply', '-json', '-input=false', lockTimeoutOption(deps), file],
      cwd: workspace.directory,
      access: 'cloud',
      env: workspace.env,
      outlivesWorker: true,
      onStdout: (text) => {
        const line = parseUiLine(text);
        if (!line) return null;
        progress.follow(line);
        diagnostics.collect(line);
        return line.type === 'planned_change' ? null : toLogLine(line);
      },
      progress: () => ({ done: progress.result.done, total: progress.result.total }),
    },
    workspace.key('terraform-apply.log'),
  );

/** `applied`, if anything may have changed: a killed Terraform may have done more than it reported. */
const getAppliedDetails = (
  { hasStarted, result }: ApplyProgress,
  { exitCode }: CommandResult,
): Pick<FailureDetails, 'applied'> => (hasStarted || exitCode === null ? { applied: result } : {});

const describeProgress = ({ hasStarted, result: { done, total } }: ApplyProgress): string =>
  hasStarted ? `${done} of ${total} resources done` : 'no change was started';

/**
 * Also thrown when the activity was cancelled. A CancelledFailure would reach the workflow without the counts, and
 * the run's card must show them.
 */
const toInterruptedFailure = (
  { operation }: TerraformWorkspace,
  { progress }: Apply,
  result: CommandResult,
): ApplicationFailure =>
  activityFailure({
    type: failureTypes.interrupted,
    message: `${operation}: stopped, ${describeProgress(progress)}`,
    hint: reviewHint,
    tail: result.tail,
    log: result.log,
    ...getAppliedDetails(progress, result),
  });

/**
 * Redacts the plan's sensitive values. null when the plan file cannot be read: then no diagnostic may be shown.
 * Never rejects: a cancellation at this moment would hide how far the apply came.
 */
const createPlanRedactor = (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  file: string,
): Promise<Redact | null> =>
  readPlanFile(deps, workspace, file).then(
    ({ redact }) => redact,
    () => null,
  );

const toApplyFailure = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  { file, backend, progress, diagnostics }: Apply,
  result: CommandResult,
): Promise<ApplicationFailure> => {
  const redact = await createPlanRedactor(deps, workspace, file);
  const lines = redact ? diagnostics.all.flatMap(formatDiagnostic).map(redact) : [];
  const { type, message, hint } = classifyErrors(diagnostics.errors, {
    operation: workspace.operation,
    defaultType: failureTypes.applyFailed,
    backend,
    redact: redact ?? createBaseRedactor(deps, workspace),
  });
  return activityFailure({
    type,
    message: `${message}; ${describeProgress(progress)}`,
    hint: hint ?? reviewHint,
    tail: (lines.length > 0 ? lines : result.tail).slice(0, 20),
    log: await appendToLog(deps.artifacts, result.log, lines),
    ...getAppliedDetails(progress, result),
  });
};

const applyIn = async (deps: TerraformDependencies, workspace: TerraformWorkspace, input: ApplyInput) => {
  verifyApproval(input, workspace.operation);
  const apply: Apply = {
    file: await fetchApprovedPlan(deps.artifacts, workspace, input.plan),
    backend: await ensureInitialized(deps, workspace),
    progress: createApplyProgress(),
    diagnostics: createDiagnostics(),
  };
  const result = await runApply(deps, workspace, apply);
  // Exit code 0 counts even after a signal: Terraform finished before the signal arrived.
  if (result.exitCode !== 0) {
    if (result.signalled) throw toInterruptedFailure(workspace, apply, result);
    throw await toApplyFailure(deps, workspace, apply, result);
  }
  const applied = apply.progress.result;
  return {
    detail: `${applied.added} added, ${applied.changed} changed, ${applied.destroyed} destroyed`,
    tail: result.tail,
    log: result.log,
    applied,
  };
};

/**
 * `terraform_apply`: applies exactly the approved plan file. Every failure of the apply itself says how far it came,
 * and has the counts in `FailureDetails.applied` once a change was started.
 * @throws applyFailed, stalePlan, planMismatch, policyViolation, stateLocked, interrupted: not retried, because the
 *   apply may have changed something. Before the apply: initFailed, storageFailed (retried); noBackend,
 *   catalogInvalid, missingCredentials, terraformMissing (not retried).
 * @see https://developer.hashicorp.com/terraform/cli/commands/apply
 */
export const createTerraformApply =
  (deps: TerraformDependencies): TerraformActivities['terraformApply'] =>
  (input) =>
    withWorkspace(deps, input, 'applying', (workspace) => applyIn(deps, workspace, input));
