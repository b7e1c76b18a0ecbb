import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KeyRing, noKeys } from '../../encryption/keys.ts';
import { createBucketStore } from './bucket-store.ts';
import { createCheckedStore } from './checked-store.ts';
import { createFolderStore } from './folder-store.ts';
import type { ArtifactStore } from './port.ts';

/** `file:.quarterdeck/artifacts` is beside the working directory, `file:///srv/artifacts` is absolute. */
const folderOf = (url: string): string => {
  const rest = url.slice('file:'.length);
  if (rest.startsWith('//')) return fileURLToPath(url);
  if (rest === '') throw new Error('opening the artifact store: ARTIFACTS_URL names no folder after "file:"');
  return resolve(rest);
};

/**
 * The artifact store that `ARTIFACTS_URL` names: `file:<folder>` or `s3://<bucket>/<prefix>`. What it keeps is
 * encrypted with the first of the keys; without keys it is kept in clear.
 */
export const createArtifactStore = (
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  keys: KeyRing = noKeys,
): ArtifactStore => {
  if (url.startsWith('file:')) return createCheckedStore(createFolderStore(folderOf(url)), keys);
  if (url.startsWith('s3://')) return createCheckedStore(createBucketStore(new URL(url), env), keys);
  throw new Error(
    `opening the artifact store: ARTIFACTS_URL must be "file:<folder>" or "s3://<bucket>/<prefix>", not ${JSON.stringify(url)}`,
  );
};
