import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DriftActivities } from '../../workflows/contract/activities.ts';
import type { DriftFinding } from '../../workflows/contract/drift.ts';
import type { PlanSummary } from '../../workflows/contract/plan.ts';
import { canonicalJson } from '../policy/approval-digest.ts';
import type { StackCopies } from '../stacks/stack-copies.ts';
import { ensureInitialized } from './init.ts';
import { createDiagnostics } from './machine-readable-ui.ts';
import { runPlan, toPlanFailure } from './plan-command.ts';
import { readPlanFile } from './plan-file.ts';
import { requireCredentials } from './prerequisites.ts';
import type { Change, ResourceChange } from './summary/plan-json.ts';
import type { PlanVisitor } from './summary/read-plan.ts';
import { type TerraformDependencies, type TerraformWorkspace, withWorkspace } from './workspace.ts';

const toDigest = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

const hasNoEffect = (actions: readonly string[]): boolean =>
  actions.every((action) => action === 'no-op' || action === 'read');

/** Visits a plan, and computes a digest of what it would do: to which resource, and with which values. */
const createDriftDigest = () => {
  const digests: string[] = [];
  let managed = 0;
  const visitor: PlanVisitor = {
    resource({ address, change }: ResourceChange) {
      const { actions, before, after } = change;
      if (!hasNoEffect(actions)) digests.push(toDigest([address, actions, before, after]));
    },
    part([section, ...path], value) {
      if (section === 'output_changes') {
        const { actions = [], before, after } = value as Partial<Change>;
        if (!hasNoEffect(actions)) digests.push(toDigest([path, actions, before, after]));
      } else if (
        section === 'prior_state' &&
        path.includes('resources') &&
        (value as { mode?: string }).mode === 'managed'
      )
        managed += 1;
    },
  };
  return {
    visitor,
    /** How many managed resources the state has. */
    getManagedCount: (): number => managed,
    getDigest: (): string => toDigest(digests.toSorted()),
  };
};

/** The exit code of `terraform plan -detailed-exitcode` for a plan with changes. */
const exitCodeForChanges = 2;

/** Whether the stack was never provisioned: the state is empty, and the plan would only create. */
const isNotProvisioned = ({ counts, drift }: PlanSummary, managed: number): boolean =>
  managed === 0 && drift.length === 0 && counts.change + counts.replace + counts.destroy === 0;

const detectIn = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
): Promise<DriftFinding> => {
  const backend = await ensureInitialized(deps, workspace);
  const file = join(workspace.tempDir, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  // A drift check only reads, so it takes no lock: a run must not wait for it.
  const options = { file, extraArgs: ['-detailed-exitcode', '-lock=false'] };
  const result = await runPlan(deps, workspace, options, diagnostics);
  if (result.exitCode === 0) return { kind: 'in_sync' };
  if (result.exitCode !== exitCodeForChanges)
    throw await toPlanFailure(deps, workspace, { file, backend }, diagnostics, result);
  const digest = createDriftDigest();
  const { summary } = await readPlanFile(deps, workspace, file, digest.visitor);
  return isNotProvisioned(summary, digest.getManagedCount())
    ? { kind: 'in_sync' }
    : { kind: 'drifted', digest: digest.getDigest(), summary };
};

/**
 * `look_for_drift`: plans a stack without a lock, and says whether the infrastructure matches the code. `digest` is
 * the same as long as the drift is the same. A stack that was never provisioned is in sync.
 * @param copies Copies that only drift checks use: a run may be working in the others.
 * @throws planFailed, initFailed (both retried when transient, up to 5 attempts), storageFailed, interrupted (retried);
 *   stalePlan, noBackend, catalogInvalid, missingCredentials, terraformMissing (not retried).
 */
export const createDetectDrift =
  (deps: TerraformDependencies, copies: StackCopies): DriftActivities['lookForDrift'] =>
  async ({ workflowId, target }) => {
    requireCredentials(deps.env, target.requires, `drift check of stack ${target.name}`);
    const revision = await copies.snapshot(target);
    const driftDeps = { ...deps, checkout: () => copies.restore(target, revision) };
    const input = { workflowId, attempt: 1, target, revision };
    return withWorkspace(driftDeps, input, 'drift check of', (workspace) => detectIn(driftDeps, workspace));
  };
