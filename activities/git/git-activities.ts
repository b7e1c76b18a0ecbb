import type { DeployActivities, StageInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { artifactKey } from '../artifacts/artifact-key.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { RunCommand } from '../process/port.ts';
import { createGit } from './git.ts';
import { createMirrors } from './mirrors.ts';
import type { WorkspacePurpose, Workspaces } from './port.ts';
import { checkRef, createResolveRef, isFullCommit } from './resolve-ref.ts';

interface Dependencies {
  readonly dataDir: string;
  readonly runCommand: RunCommand;
  readonly workspaces: Workspaces;
}

const getPurposes = ({ target }: StageInput): readonly WorkspacePurpose[] => [
  ...(target.install || target.test ? (['source'] as const) : []),
  ...(target.image && target.image.builder !== 'none' ? (['image'] as const) : []),
  ...(target.terraform ? (['terraform'] as const) : []),
];

/**
 * The activities `check_for_changes` and `refresh_repo`. Both throw:
 * - failureTypes.repositoryUnavailable: the repository cannot be read (retried after network errors only);
 * - failureTypes.noSuchRef: the branch, tag or commit does not exist (not retried);
 * - failureTypes.storageFailed: the worker's disk is full (retried).
 */
export const createGitActivities = ({
  dataDir,
  runCommand,
  workspaces,
}: Dependencies): Pick<DeployActivities, 'checkForChanges' | 'refreshRepo'> => {
  const git = createGit(runCommand);
  const getMirror = createMirrors(dataDir, git);
  const resolveRef = createResolveRef(git);

  return {
    /** Fetches first, unless the ref is a full commit that the mirror already has. */
    async checkForChanges({ target, ref, lastApplied }) {
      const checkedRef = checkRef(ref ?? target.branch, target.name);
      const mirror = getMirror(target);
      const known = isFullCommit(checkedRef) && (await mirror.has(checkedRef));
      if (!known) await mirror.refresh(isFullCommit(checkedRef) ? checkedRef : null, null);
      const commit = await resolveRef(mirror, checkedRef, target.name);
      return { commit, changed: commit.sha !== lastApplied?.revision };
    },

    /** Fetches the commit to this worker and checks it out for every stage that needs it. */
    async refreshRepo(input) {
      const { target, revision: commit, workflowId, attempt } = input;
      const mirror = getMirror(target);
      const isPresent = await mirror.has(commit);
      const logKey = artifactKey(workflowId, `refresh_repo-${attempt}.log`);
      const fetched = isPresent ? null : await mirror.refresh(commit, logKey);
      if (!isPresent && !(await mirror.has(commit)))
        throw activityFailure({
          type: failureTypes.noSuchRef,
          message: `fetching ${target.name}: the repository has no commit ${commit.slice(0, 12)}`,
          hint: 'Push the commit, or deploy another one.',
          tail: fetched?.result.tail ?? [],
          log: fetched?.result.log ?? null,
        });
      await Promise.all(getPurposes(input).map((purpose) => workspaces.workspace(input, purpose)));
      await workspaces.sweep();
      return {
        detail: `${fetched?.cloned ? 'cloned, ' : ''}${commit.slice(0, 12)} checked out`,
        tail: fetched?.result.tail ?? [],
        log: fetched?.result.log ?? null,
      };
    },
  };
};
