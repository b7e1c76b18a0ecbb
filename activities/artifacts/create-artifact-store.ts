import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBucketStore } from './bucket-store.ts';
import { createFolderStore } from './folder-store.ts';
import type { ArtifactStore } from './port.ts';

/** `file:.quarterdeck/artifacts` is beside the working directory, `file:///srv/artifacts` is absolute. */
const folderOf = (url: string): string => {
  const rest = url.slice('file:'.length);
  if (rest.startsWith('//')) return fileURLToPath(url);
  if (rest === '') throw new Error('opening the artifact store: ARTIFACTS_URL names no folder after "file:"');
  return resolve(rest);
};

/** The artifact store that `ARTIFACTS_URL` names: `file:<folder>` or `s3://<bucket>/<prefix>`. */
export const createArtifactStore = (
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): ArtifactStore => {
  if (url.startsWith('file:')) return createFolderStore(folderOf(url));
  if (url.startsWith('s3://')) return createBucketStore(new URL(url), env);
  throw new Error(
    `opening the artifact store: ARTIFACTS_URL must be "file:<folder>" or "s3://<bucket>/<prefix>", not ${JSON.stringify(url)}`,
  );
};
