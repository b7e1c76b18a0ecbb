import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { toFolderName } from '../artifacts/artifact-key.ts';
import { storageFailure } from '../artifacts/storage-failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { RunCommand } from '../process/port.ts';
import { createGit } from './git.ts';
import { repositoryFailure } from './git-failure.ts';
import { createMirrors, type Mirror } from './mirrors.ts';
import type { WorkspaceInput, Workspaces } from './port.ts';

/** Longer than any stage takes. */
const unusedMs = 6 * 60 * 60 * 1000;

/** A detached HEAD holds the commit's name; a tree that a test moved elsewhere is not the run's any more. */
const isAt = async (path: string, commit: string): Promise<boolean> =>
  (await readFile(join(path, '.git', 'HEAD'), 'utf8').catch(() => '')).trim() === commit;

/**
 * Working trees in the `work` folder of `dataDir`, one for each run and purpose. Each is a clone that
 * borrows the mirror's objects: as cheap as a worktree, but its config and refs are its own, so a test
 * that makes a tag or sets a hook changes nothing for the next run.
 */
export const createWorkspaces = (deps: {
  readonly dataDir: string;
  readonly runCommand: RunCommand;
}): Workspaces => {
  const git = createGit(deps.runCommand);
  const mirrorOf = createMirrors(deps.dataDir, git);
  const root = join(deps.dataDir, 'work');
  const folderOf = (workflowId: string): string => join(root, toFolderName(workflowId));

  const bring = async ({ target, revision: commit }: WorkspaceInput): Promise<Mirror> => {
    const mirror = mirrorOf(target);
    if (await mirror.has(commit)) return mirror;
    await mirror.refresh(commit, null);
    if (await mirror.has(commit)) return mirror;
    throw activityFailure({
      type: failureTypes.noSuchRef,
      message: `checking out ${target.name}: its repository has no commit ${commit.slice(0, 12)} any more`,
      hint: 'Somebody rewrote its history. Deploy a commit that is still there.',
    });
  };

  const make = async (input: WorkspaceInput, path: string): Promise<void> => {
    const mirror = await bring(input);
    const operation = `checking out ${input.target.name}`;
    const making = `${path}.making-${randomUUID()}`;
    const run = async (args: readonly string[]) => {
      const result = await git(args, { operation, cwd: folderOf(input.workflowId) });
      if (result.exitCode !== 0) throw repositoryFailure(operation, result);
    };
    try {
      await run(['clone', '--quiet', '--shared', '--no-checkout', '--', mirror.path, making]);
      await run(['-C', making, 'remote', 'set-url', 'origin', mirror.address]);
      await run(['-C', making, 'checkout', '--quiet', '--force', '--detach', input.revision]);
      await rm(path, { recursive: true, force: true });
      await rename(making, path);
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  };

  return {
    async workspace(input, purpose, { fresh = false } = {}) {
      const path = join(folderOf(input.workflowId), purpose);
      try {
        await mkdir(folderOf(input.workflowId), { recursive: true });
        const now = new Date();
        await utimes(folderOf(input.workflowId), now, now);
        if (fresh || !(await isAt(path, input.revision))) await make(input, path);
      } catch (error) {
        throw error instanceof Error && 'code' in error && 'syscall' in error
          ? storageFailure(`checking out ${input.target.name}`, error, 'WORKER_DATA_DIR')
          : error;
      }
      return path;
    },
    remove: (workflowId) => rm(folderOf(workflowId), { recursive: true, force: true }),
    async sweep(unusedForMs = unusedMs) {
      let removed = 0;
      for (const name of await readdir(root).catch(() => [])) {
        const folder = join(root, name);
        const used = await stat(folder).catch(() => null);
        if (!used || Date.now() - used.mtimeMs < unusedForMs) continue;
        // One that cannot be deleted must not hold up a deployment; it is tried again the next time.
        const gone = await rm(folder, { recursive: true, force: true }).then(
          () => true,
          () => false,
        );
        if (gone) removed += 1;
      }
      return removed;
    },
  };
};
