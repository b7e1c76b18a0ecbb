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
const defaultUnusedMs = 6 * 60 * 60 * 1000;

/** Whether the tree is still at the commit: a detached HEAD contains its name. A test may have moved it. */
const isAt = async (path: string, commit: string): Promise<boolean> =>
  (await readFile(join(path, '.git', 'HEAD'), 'utf8').catch(() => '')).trim() === commit;

/**
 * Working trees in the `work` folder of `dataDir`, one for each run and purpose. Each is a clone that
 * shares the mirror's objects: as cheap as a git worktree, but with separate config and refs. So a test
 * that creates a tag or a hook does not affect the next run.
 */
export const createWorkspaces = (deps: {
  readonly dataDir: string;
  readonly runCommand: RunCommand;
}): Workspaces => {
  const git = createGit(deps.runCommand);
  const getMirror = createMirrors(deps.dataDir, git);
  const root = join(deps.dataDir, 'work');
  const getFolder = (workflowId: string): string => join(root, toFolderName(workflowId));

  const fetchCommit = async ({ target, revision: commit }: WorkspaceInput): Promise<Mirror> => {
    const mirror = getMirror(target);
    if (await mirror.has(commit)) return mirror;
    await mirror.refresh(commit, null);
    if (await mirror.has(commit)) return mirror;
    throw activityFailure({
      type: failureTypes.noSuchRef,
      message: `checking out ${target.name}: the repository no longer has commit ${commit.slice(0, 12)}`,
      hint: 'The branch was probably force-pushed. Deploy another commit.',
    });
  };

  const create = async (input: WorkspaceInput, path: string): Promise<void> => {
    const mirror = await fetchCommit(input);
    const operation = `checking out ${input.target.name}`;
    const temporary = `${path}.making-${randomUUID()}`;
    const run = async (args: readonly string[]) => {
      const result = await git(args, { operation, cwd: getFolder(input.workflowId) });
      if (result.exitCode !== 0) throw repositoryFailure(operation, result);
    };
    try {
      await run(['clone', '--quiet', '--shared', '--no-checkout', '--', mirror.path, temporary]);
      await run(['-C', temporary, 'remote', 'set-url', 'origin', mirror.address]);
      await run(['-C', temporary, 'checkout', '--quiet', '--force', '--detach', input.revision]);
      await rm(path, { recursive: true, force: true });
      await rename(temporary, path);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  };

  return {
    async workspace(input, purpose, { fresh = false } = {}) {
      const path = join(getFolder(input.workflowId), purpose);
      try {
        await mkdir(getFolder(input.workflowId), { recursive: true });
        const now = new Date();
        await utimes(getFolder(input.workflowId), now, now);
        if (fresh || !(await isAt(path, input.revision))) await create(input, path);
      } catch (error) {
        throw error instanceof Error && 'code' in error && 'syscall' in error
          ? storageFailure(`checking out ${input.target.name}`, error, 'WORKER_DATA_DIR')
          : error;
      }
      return path;
    },
    remove: (workflowId) => rm(getFolder(workflowId), { recursive: true, force: true }),
    async sweep(unusedForMs = defaultUnusedMs) {
      let removed = 0;
      for (const name of await readdir(root).catch(() => [])) {
        const folder = join(root, name);
        const used = await stat(folder).catch(() => null);
        if (!used || Date.now() - used.mtimeMs < unusedForMs) continue;
        // A folder that cannot be deleted must not fail a deployment; the next sweep tries again.
        const isDeleted = await rm(folder, { recursive: true, force: true }).then(
          () => true,
          () => false,
        );
        if (isDeleted) removed += 1;
      }
      return removed;
    },
  };
};
