import { resolve } from 'node:path';
import { PassThrough, pipeline, type Transform } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type KeyRing, noKeys } from '../../encryption/keys.ts';
import { SealStream, UnsealStream } from '../../encryption/sealed-stream.ts';
import { checkArtifactKey } from './artifact-key.ts';
import { createBucketStore } from './bucket-store.ts';
import { createFolderStore } from './folder-store.ts';
import type { ArtifactStore, BlobStore } from './port.ts';
import { storageFailure } from './storage-failure.ts';
import { DigestStream, toStream, VerifyingStream, writeFileAtomically } from './write-file.ts';

/** Size and digest are those of the decrypted file, so they stay the same when the keys change. */
const createVerifiedStore = (blobs: BlobStore, ring: KeyRing): ArtifactStore => {
  const sealing = (): Transform => (ring.active ? new SealStream(ring.active) : new PassThrough());

  const open: ArtifactStore['open'] = async (ref) => {
    const blob = await blobs.read(checkArtifactKey(ref.key));
    // An error of any of these streams reaches the reader of the last one.
    const clear = new UnsealStream(ring, (error) => storageFailure(`reading ${ref.key}`, error));
    return pipeline(blob, clear, new VerifyingStream(ref), () => undefined);
  };

  return {
    async put(key, content) {
      const clear = new DigestStream();
      const sealed = pipeline(toStream(content), clear, sealing(), () => undefined);
      try {
        await blobs.write(checkArtifactKey(key), sealed);
      } catch (error) {
        throw storageFailure(`storing ${key}`, error);
      }
      return { key, bytes: clear.bytes, sha256: clear.sha256 };
    },
    open,
    async download(ref, path) {
      const clear = await open(ref);
      try {
        await writeFileAtomically(path, clear, { flush: false });
      } catch (error) {
        throw storageFailure(`fetching ${ref.key}`, error);
      }
    },
  };
};

/** `file:.quarterdeck/artifacts` is relative to the working directory, `file:///srv/artifacts` is absolute. */
const toFolder = (url: string): string => {
  const rest = url.slice('file:'.length);
  if (rest.startsWith('//')) return fileURLToPath(url);
  if (rest === '') throw new Error('opening the artifact store: ARTIFACTS_URL names no folder after "file:"');
  return resolve(rest);
};

/**
 * The artifact store of `ARTIFACTS_URL`: `file:<folder>` or `s3://<bucket>/<prefix>`. It encrypts files with
 * the first key; without keys it stores them unencrypted. Throws if the URL is invalid.
 */
export const createArtifactStore = (
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  keys: KeyRing = noKeys,
): ArtifactStore => {
  if (url.startsWith('file:')) return createVerifiedStore(createFolderStore(toFolder(url)), keys);
  if (url.startsWith('s3://')) return createVerifiedStore(createBucketStore(new URL(url), env), keys);
  throw new Error(
    `opening the artifact store: ARTIFACTS_URL must be "file:<folder>" or "s3://<bucket>/<prefix>", not ${JSON.stringify(url)}`,
  );
};
