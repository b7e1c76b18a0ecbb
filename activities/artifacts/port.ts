import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';

/** Stores bytes under keys, completely or not at all. */
export interface BlobStore {
  /** @throws failureTypes.storageFailed (retried), or an error of the disk. */
  write(key: string, content: Readable): Promise<void>;
  /** @throws failureTypes.storageFailed: not retried if the key does not exist. */
  read(key: string): Promise<Readable>;
}

/**
 * Stores files that are too large for Temporal's history: plan files, logs, plan texts. A folder or an S3
 * bucket. All methods throw failureTypes.storageFailed, which is retried unless the file is missing or
 * does not match its reference.
 */
export interface ArtifactStore {
  /** Stores a file under a key, completely or not at all. Replaces an existing file. */
  put(key: string, content: Readable | Buffer | string): Promise<ArtifactRef>;
  /** Opens a file. The stream fails at its end if the content does not match the reference. */
  open(ref: ArtifactRef): Promise<Readable>;
  /** Copies a file to a local path, after checking it against the reference. */
  download(ref: ArtifactRef, path: string): Promise<void>;
}
