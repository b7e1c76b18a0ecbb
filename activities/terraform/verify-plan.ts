import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { TerraformInput } from '../../workflows/contract/activities.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import type { PolicyVerdict } from '../../workflows/contract/policy.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { approvalDigest } from '../policy/approval-digest.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { providerLockFile } from './init.ts';
import type { TerraformWorkspace } from './workspace.ts';

type Approved = TerraformInput & {
  readonly plan: SavedPlan;
  readonly verdict: PolicyVerdict;
  readonly digest: string;
};

const mismatch = (doing: string, what: string) =>
  activityFailure({
    type: failureTypes.planMismatch,
    message: `${doing}: ${what}, so nothing was applied`,
    hint: 'It was changed or lost after the plan was made. Plan again.',
  });

/** Refuses to apply anything but what the digest names, and what no policy forbids. */
export const verifyApproval = ({ plan, revision, verdict, digest }: Approved, doing: string): void => {
  if (approvalDigest({ plan, revision, verdict }) !== digest)
    throw mismatch(doing, 'the plan is not the one that was approved');
  if (verdict.outcome !== 'hard') return;
  throw activityFailure({
    type: failureTypes.policyViolation,
    message: `${doing}: the policy forbids this plan`,
    hint: verdict.violations.find(({ level }) => level === 'hard')?.message ?? null,
  });
};

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

const fetchFile = async (artifacts: ArtifactStore, ref: ArtifactRef, path: string, doing: string) => {
  try {
    await artifacts.download(ref, path);
  } catch (error) {
    // What cannot be fetched now may be there later; what is gone or was exchanged never will be.
    if (error instanceof ApplicationFailure && error.nonRetryable) throw mismatch(doing, error.message);
    throw error;
  }
  if ((await digestOf(path)) !== ref.sha256)
    throw mismatch(doing, `${ref.key} is not the file that was approved`);
};

/** Brings the approved plan file to this worker, and the lock file to its place. Returns the plan's path. */
export const fetchApprovedPlan = async (
  artifacts: ArtifactStore,
  place: TerraformWorkspace,
  { file, lock }: SavedPlan,
): Promise<string> => {
  const path = join(place.tempDir, 'plan.tfplan');
  await fetchFile(artifacts, file, path, place.operation);
  const lockPath = join(place.directory, providerLockFile);
  if (lock) await fetchFile(artifacts, lock, lockPath, place.operation);
  else await rm(lockPath, { force: true });
  return path;
};
