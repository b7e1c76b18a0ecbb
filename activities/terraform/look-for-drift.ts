import { join } from 'node:path';
import type { DriftActivities } from '../../workflows/contract/activities.ts';
import type { DriftFinding } from '../../workflows/contract/drift.ts';
import type { PlanSummary } from '../../workflows/contract/plan.ts';
import type { StackCopies } from '../stacks/copies.ts';
import { requireCredentials } from './credentials.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createDiagnostics } from './diagnostics.ts';
import { initialiseOnce } from './init.ts';
import { readPlanFile } from './plan-file.ts';
import { planFailure, runPlan } from './run-plan.ts';
import { createDriftDigest } from './summary/drift-digest.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

/** What `-detailed-exitcode` says of a plan that would do something. */
const hasChanges = 2;

/** Everything is still to be made, and nothing was lost: nobody has provisioned the stack yet. */
const isUnborn = ({ counts, drift }: PlanSummary, managed: number): boolean =>
  managed === 0 && drift.length === 0 && counts.change + counts.replace + counts.destroy === 0;

const lookIn = async (deps: TerraformDependencies, place: Workplace): Promise<DriftFinding> => {
  const backend = await initialiseOnce(deps, place);
  const file = join(place.scratch, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  // It only reads, so it takes no lock: a person's run must not wait for it.
  const options = { file, more: ['-detailed-exitcode', '-lock=false'] };
  const result = await runPlan(deps, place, options, diagnostics);
  if (result.exitCode === 0) return { kind: 'in_sync' };
  if (result.exitCode !== hasChanges)
    throw await planFailure(deps, place, { file, backend }, diagnostics, result);
  const digest = createDriftDigest();
  const { summary } = await readPlanFile(deps, place, file, digest.witness);
  return isUnborn(summary, digest.managed())
    ? { kind: 'in_sync' }
    : { kind: 'drifted', digest: digest.end(), summary };
};

/** `look_for_drift`: `copies` are its own, for a run may be at work in those of the others. */
export const createLookForDrift =
  (deps: TerraformDependencies, copies: StackCopies): DriftActivities['lookForDrift'] =>
  async ({ workflowId, target }) => {
    requireCredentials(deps.env, target.requires, `looking for drift of stack ${target.service}`);
    const commit = await copies.take(target);
    const own = { ...deps, workspace: () => copies.find(target, commit) };
    return withWorkplace(own, { workflowId, attempt: 1, target, commit }, 'looking for drift of', (place) =>
      lookIn(own, place),
    );
  };
