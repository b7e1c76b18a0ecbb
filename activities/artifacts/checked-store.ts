import { PassThrough, pipeline, type Transform } from 'node:stream';
import type { KeyRing } from '../../encryption/keys.ts';
import { SealStream, UnsealStream } from '../../encryption/sealed-stream.ts';
import type { BlobStore } from './blob-store.ts';
import { CheckedStream, DigestStream } from './digest.ts';
import { checkKey } from './key.ts';
import type { ArtifactStore } from './port.ts';
import { storageFailure } from './storage-failure.ts';
import { toStream, writeWhole } from './write-file.ts';

/** A file's size and digest are those of its clear text, so they stay true when the keys change. */
export const createCheckedStore = (blobs: BlobStore, ring: KeyRing): ArtifactStore => {
  const sealing = (): Transform => (ring.active ? new SealStream(ring.active) : new PassThrough());

  const open: ArtifactStore['open'] = async (ref) => {
    const blob = await blobs.read(checkKey(ref.key));
    // The error of any of them reaches whoever reads the last stream.
    const clear = new UnsealStream(ring, (error) => storageFailure(`reading ${ref.key}`, error));
    return pipeline(blob, clear, new CheckedStream(ref), () => undefined);
  };

  return {
    async put(key, content) {
      const clear = new DigestStream();
      const sealed = pipeline(toStream(content), clear, sealing(), () => undefined);
      try {
        await blobs.write(checkKey(key), sealed);
      } catch (error) {
        throw storageFailure(`storing ${key}`, error);
      }
      return { key, bytes: clear.bytes, sha256: clear.sha256 };
    },
    open,
    async download(ref, path) {
      const clear = await open(ref);
      try {
        await writeWhole(path, clear, { flush: false });
      } catch (error) {
        throw storageFailure(`fetching ${ref.key}`, error);
      }
    },
  };
};
