import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from './port.ts';
import { storageFailure, unusableArtifact } from './storage-failure.ts';
import { writeFileAtomically } from './write-file.ts';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const maxPartAgeMs = 24 * 60 * 60 * 1000;

/** Creates the folder for incomplete files. Deletes what a crash left there more than a day ago. */
const prepareParts = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > maxPartAgeMs) await rm(path, { force: true });
  }
  return folder;
};

/** Stores files in a folder. All workers and the bot must see it: on one machine, or on a shared disk. */
export const createFolderStore = (root: string): BlobStore => {
  const find = async (key: string): Promise<string> => {
    const path = join(root, key);
    try {
      await stat(path);
    } catch (error) {
      if (!isMissing(error)) throw storageFailure(`reading ${key}`, error);
      throw unusableArtifact(
        `reading ${key}: not found in the artifact store`,
        'Check that all workers and the bot have the same ARTIFACTS_URL. If they do, start a new run.',
      );
    }
    return path;
  };

  let ready: Promise<string> | null = null;
  const parts = (): Promise<string> => {
    ready ??= prepareParts(join(root, '.parts')).catch((error: unknown) => {
      ready = null;
      throw error;
    });
    return ready;
  };

  return {
    async write(key, content) {
      await writeFileAtomically(join(root, key), content, { parts: await parts() });
    },
    async read(key) {
      return createReadStream(await find(key));
    },
  };
};
