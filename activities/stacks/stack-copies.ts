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

/** Longer than most questions stay open; an older copy is made again when it is needed. */
const unusedMs = 24 * 60 * 60 * 1000;

/** Copies of stacks, each named by its content, so that a plan is applied to the files it was made from. */
export interface StackCopies {
  /** Copies the files of the stack and of its local modules as they are now, and names them: sixty-four hex digits. */
  take(target: StackTarget): Promise<string>;
  /** The stack's folder with exactly these files. Fails as a stale plan when they are nowhere any more. */
  find(target: StackTarget, commit: string): Promise<string>;
}

const sweep = async (root: string): Promise<void> => {
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    const used = await stat(folder).catch(() => null);
    if (used && Date.now() - used.mtimeMs > unusedMs) await rm(folder, { recursive: true, force: true });
  }
};

/** Keeps copies under `<dataDir>/stacks/<stack>/<digest>`, laid out as they lie beside the catalog. */
export const createStackCopies = ({ dataDir }: { readonly dataDir: string }): StackCopies => {
  const rootOf = ({ name }: StackTarget): string => join(dataDir, 'stacks', toFolderName(name));
  const pathOf = (target: StackTarget, commit: string): string => join(rootOf(target), commit.slice(0, 16));

  const requireSource = async ({ name, source, directory }: StackTarget): Promise<void> => {
    if (await isDirectory(source)) return;
    throw activityFailure({
      type: failureTypes.initFailed,
      message: `copying stack ${name}: this worker has no folder ${directory} beside its catalog`,
      hint: 'Correct `directory` of the stack in the catalog, or bring the folder to the worker.',
    });
  };

  /** Digested after it was copied: the source may change meanwhile. */
  const take = async (target: StackTarget): Promise<string> => {
    await requireSource(target);
    const making = join(rootOf(target), `making-${randomUUID()}`);
    try {
      await mkdir(rootOf(target), { recursive: true });
      await sweep(rootOf(target));
      for (const folder of await findStackFolders(target)) {
        await cp(folder.path, join(making, folder.place), {
          recursive: true,
          dereference: true,
          filter: (path) => isCodePath(folder.path, path),
        });
      }
      const commit = await digestFolder(making);
      const path = pathOf(target, commit);
      if (!(await isDirectory(path))) await rename(making, path);
      const now = new Date();
      await utimes(path, now, now);
      return commit;
    } catch (error) {
      throw storageFailure(`copying stack ${target.name}`, error, 'WORKER_DATA_DIR');
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  };

  return {
    take,
    async find(target, commit) {
      const path = pathOf(target, commit);
      // Another worker may have made the plan, or the copy was swept away.
      if ((await isDirectory(path)) || (await take(target)) === commit) return join(path, target.directory);
      throw activityFailure({
        type: failureTypes.stalePlan,
        message: `looking for the files of stack ${target.name}: they have changed since they were planned`,
      });
    },
  };
};
