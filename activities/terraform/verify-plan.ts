import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { TerraformInput } from '../../workflows/contract/activities.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import type { PolicyVerdict } from '../../workflows/contract/policy.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { approvalDigest } from '../policy/approval-digest.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { hashFile } from '../stacks/folder-digest.ts';
import { providerLockFile } from './init.ts';
import type { TerraformWorkspace } from './workspace.ts';

type ApprovedPlan = Pick<TerraformInput, 'revision'> & {
  readonly plan: SavedPlan;
  readonly verdict: PolicyVerdict;
  /** The approval digest that people confirmed. */
  readonly digest: string;
};

const toMismatch = (operation: string, problem: string) =>
  activityFailure({
    type: failureTypes.planMismatch,
    message: `${operation}: ${problem}, so nothing was applied`,
    hint: 'The plan file was modified or deleted after the plan was made. Plan again.',
  });

/**
 * Refuses a plan that the digest does not name, and one that violates the policy.
 * @throws planMismatch, policyViolation; not retried.
 */
export const verifyApproval = (
  { plan, revision, verdict, digest }: ApprovedPlan,
  operation: string,
): void => {
  if (approvalDigest({ plan, revision, verdict }) !== digest)
    throw toMismatch(operation, 'the plan is not the one that was approved');
  if (verdict.outcome !== 'hard') return;
  throw activityFailure({
    type: failureTypes.policyViolation,
    message: `${operation}: the policy forbids this plan`,
    hint: verdict.violations.find(({ level }) => level === 'hard')?.message ?? null,
  });
};

const fetchFile = async (artifacts: ArtifactStore, ref: ArtifactRef, path: string, operation: string) => {
  try {
    await artifacts.download(ref, path);
  } catch (error) {
    // Non-retryable: the artifact is gone or was replaced, so the approved file no longer exists.
    if (error instanceof ApplicationFailure && error.nonRetryable) throw toMismatch(operation, error.message);
    throw error;
  }
  if ((await hashFile(path)) !== ref.sha256)
    throw toMismatch(operation, `${ref.key} is not the file that was approved`);
};

/**
 * Downloads the approved plan file, and puts the provider lock file into the code's folder. Returns the plan
 * file's path.
 * @throws planMismatch (not retried), storageFailed (retried).
 */
export const fetchApprovedPlan = async (
  artifacts: ArtifactStore,
  { tempDir, directory, operation }: TerraformWorkspace,
  { file, lock }: SavedPlan,
): Promise<string> => {
  const path = join(tempDir, 'plan.tfplan');
  await fetchFile(artifacts, file, path, operation);
  const lockPath = join(directory, providerLockFile);
  if (lock) await fetchFile(artifacts, lock, lockPath, operation);
  else await rm(lockPath, { force: true });
  return path;
};
