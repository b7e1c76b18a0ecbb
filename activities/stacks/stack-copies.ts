import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { toFolderName } from '../artifacts/artifact-key.ts';
import { storageFailure } from '../artifacts/storage-failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { digestFolder, isCodePath } from './folder-digest.ts';
import { findStackFolders, isDirectory } from './stack-folders.ts';

/** Longer than most approval requests stay open. An older copy is made again when a run needs it. */
const maxUnusedMs = 24 * 60 * 60 * 1000;

/** Copies of stacks, each named by its content: Terraform applies a plan to exactly the files it was made from. */
export interface StackCopies {
  /**
   * Copies the current files of the stack and of its local modules. Returns their digest, 64 hex digits.
   * @throws initFailed (not retried), storageFailed (retried).
   */
  snapshot(target: StackTarget): Promise<string>;
  /**
   * The absolute path of the stack's folder with exactly the files of this digest. Makes a missing copy again.
   * @throws stalePlan when the files have changed and the copy is gone (not retried); and as `snapshot` does.
   */
  restore(target: StackTarget, digest: string): Promise<string>;
}

const deleteUnusedCopies = async (root: string): Promise<void> => {
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    const info = await stat(folder).catch(() => null);
    if (info && Date.now() - info.mtimeMs > maxUnusedMs) await rm(folder, { recursive: true, force: true });
  }
};

/** Keeps copies in `<dataDir>/stacks/<stack>/<digest>`, with the same layout as in the catalog's folder. */
export const createStackCopies = ({ dataDir }: { readonly dataDir: string }): StackCopies => {
  const getRoot = ({ name }: StackTarget): string => join(dataDir, 'stacks', toFolderName(name));
  const getPath = (target: StackTarget, digest: string): string => join(getRoot(target), digest.slice(0, 16));

  const requireSource = async ({ name, source, directory }: StackTarget): Promise<void> => {
    if (await isDirectory(source)) return;
    throw activityFailure({
      type: failureTypes.initFailed,
      message: `copying stack ${name}: this worker has no folder ${directory} next to its catalog`,
      hint: 'Correct `directory` of the stack in the catalog, or copy the folder to the worker.',
    });
  };

  const snapshot = async (target: StackTarget): Promise<string> => {
    await requireSource(target);
    const root = getRoot(target);
    const unfinished = join(root, `making-${randomUUID()}`);
    try {
      await mkdir(root, { recursive: true });
      await deleteUnusedCopies(root);
      for (const folder of await findStackFolders(target)) {
        await cp(folder.path, join(unfinished, folder.relativePath), {
          recursive: true,
          dereference: true,
          filter: (path) => isCodePath(folder.path, path),
        });
      }
      // Digest the copy, not the source: someone may edit the source during the copy.
      const digest = await digestFolder(unfinished);
      const path = getPath(target, digest);
      if (!(await isDirectory(path))) await rename(unfinished, path);
      const now = new Date();
      await utimes(path, now, now);
      return digest;
    } catch (error) {
      throw storageFailure(`copying stack ${target.name}`, error, 'WORKER_DATA_DIR');
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  };

  return {
    snapshot,
    async restore(target, digest) {
      const path = getPath(target, digest);
      // The plan may come from another worker, or the copy may have been deleted as unused.
      if ((await isDirectory(path)) || (await snapshot(target)) === digest)
        return join(path, target.directory);
      throw activityFailure({
        type: failureTypes.stalePlan,
        message: `restoring the files of stack ${target.name}: they have changed since the plan was made`,
        hint: 'Plan again: the new plan will use the current files.',
      });
    },
  };
};
