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

const purposesOf = ({ target }: StageInput): readonly WorkspacePurpose[] => [
  ...(target.install || target.test ? (['source'] as const) : []),
  ...(target.image && target.image.builder !== 'none' ? (['image'] as const) : []),
  ...(target.terraform ? (['terraform'] as const) : []),
];

/** `check_for_changes` and `refresh_repo`. */
export const createGitActivities = ({
  dataDir,
  runCommand,
  workspaces,
}: Dependencies): Pick<DeployActivities, 'checkForChanges' | 'refreshRepo'> => {
  const git = createGit(runCommand);
  const mirrorOf = createMirrors(dataDir, git);
  const resolveRef = createResolveRef(git);

  return {
    /** Asks the repository itself, unless a whole commit is named that is already here. */
    async checkForChanges({ target, ref, lastApplied }) {
      const wanted = checkRef(ref ?? target.branch, target.name);
      const mirror = mirrorOf(target);
      const known = isFullCommit(wanted) && (await mirror.has(wanted));
      if (!known) await mirror.refresh(isFullCommit(wanted) ? wanted : null, null);
      const commit = await resolveRef(mirror, wanted, target.name);
      return { commit, changed: commit.sha !== lastApplied?.revision };
    },

    /** Brings the commit to this worker and checks it out for every stage that will want it. */
    async refreshRepo(input) {
      const { target, revision: commit, workflowId, attempt } = input;
      const mirror = mirrorOf(target);
      const here = await mirror.has(commit);
      const logKey = artifactKey(workflowId, `refresh_repo-${attempt}.log`);
      const brought = here ? null : await mirror.refresh(commit, logKey);
      if (!here && !(await mirror.has(commit)))
        throw activityFailure({
          type: failureTypes.noSuchRef,
          message: `fetching ${target.name}: its repository has no commit ${commit.slice(0, 12)}`,
          hint: 'Push it, or deploy a commit that is there.',
          tail: brought?.result.tail ?? [],
          log: brought?.result.log ?? null,
        });
      await Promise.all(purposesOf(input).map((purpose) => workspaces.workspace(input, purpose)));
      await workspaces.sweep();
      return {
        detail: `${brought?.cloned ? 'cloned, ' : ''}${commit.slice(0, 12)} checked out`,
        tail: brought?.result.tail ?? [],
        log: brought?.result.log ?? null,
      };
    },
  };
};
