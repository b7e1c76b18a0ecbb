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
import type { ResourceChange } from './summary/plan-json.ts';
import type { PlanVisitor } from './summary/read-plan.ts';
import { type TerraformDependencies, type TerraformWorkspace, withWorkspace } from './workspace.ts';

const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** Anything that a plan would do to it, or to a read of it. */
const isStill = (actions: readonly string[]): boolean =>
  actions.every((action) => action === 'no-op' || action === 'read');

/** Sees a plan go by and tells it from another: what it would do, to what, and with which values. */
const createDriftDigest = () => {
  const seen: string[] = [];
  let managed = 0;
  const visitor: PlanVisitor = {
    resource({ address, change }: ResourceChange) {
      const { actions, before, after } = change;
      if (!isStill(actions)) seen.push(digestOf([address, actions, before, after]));
    },
    part([section, ...path], value) {
      if (section === 'output_changes') {
        const { actions = [], before, after } = value as Partial<ResourceChange['change']>;
        if (!isStill(actions)) seen.push(digestOf([path, actions, before, after]));
      }
      if (
        section === 'prior_state' &&
        path.includes('resources') &&
        (value as { mode?: string }).mode === 'managed'
      )
        managed += 1;
    },
  };
  return {
    witness: visitor,
    /** How many resources the state has. */
    managed: (): number => managed,
    end: (): string => digestOf(seen.toSorted()),
  };
};

/** What `-detailed-exitcode` says of a plan that would do something. */
const hasChanges = 2;

/** Everything is still to be made, and nothing was lost: nobody has provisioned the stack yet. */
const isNotProvisioned = ({ counts, drift }: PlanSummary, managed: number): boolean =>
  managed === 0 && drift.length === 0 && counts.change + counts.replace + counts.destroy === 0;

const detectIn = async (deps: TerraformDependencies, place: TerraformWorkspace): Promise<DriftFinding> => {
  const backend = await ensureInitialized(deps, place);
  const file = join(place.tempDir, 'plan.tfplan');
  const diagnostics = createDiagnostics();
  // It only reads, so it takes no lock: a person's run must not wait for it.
  const options = { file, more: ['-detailed-exitcode', '-lock=false'] };
  const result = await runPlan(deps, place, options, diagnostics);
  if (result.exitCode === 0) return { kind: 'in_sync' };
  if (result.exitCode !== hasChanges)
    throw await toPlanFailure(deps, place, { file, backend }, diagnostics, result);
  const digest = createDriftDigest();
  const { summary } = await readPlanFile(deps, place, file, digest.witness);
  return isNotProvisioned(summary, digest.managed())
    ? { kind: 'in_sync' }
    : { kind: 'drifted', digest: digest.end(), summary };
};

/** `look_for_drift`: `copies` are its own, for a run may be at work in those of the others. */
export const createDetectDrift =
  (deps: TerraformDependencies, copies: StackCopies): DriftActivities['lookForDrift'] =>
  async ({ workflowId, target }) => {
    requireCredentials(deps.env, target.requires, `looking for drift of stack ${target.name}`);
    const commit = await copies.take(target);
    const own = { ...deps, workspace: () => copies.find(target, commit) };
    return withWorkspace(
      own,
      { workflowId, attempt: 1, target, revision: commit },
      'looking for drift of',
      (place) => detectIn(own, place),
    );
  };
