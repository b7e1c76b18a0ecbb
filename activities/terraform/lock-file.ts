import { readFile } from 'node:fs/promises';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { ArtifactStore } from '../artifacts/port.ts';

/** Says which build of each provider was chosen; absent where only the built-in one is used. */
export const lockFileName = '.terraform.lock.hcl';

export const storeLockFile = async (
  artifacts: ArtifactStore,
  path: string,
  key: string,
): Promise<ArtifactRef | null> => {
  const content = await readFile(path).catch(() => null);
  return content === null ? null : artifacts.put(key, content);
};
