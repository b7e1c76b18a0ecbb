import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';

/** Where bytes are kept under a key, whole or not at all; it knows nothing of what they mean. */
export interface BlobStore {
  write(key: string, content: Readable): Promise<void>;
  /** Throws when there is nothing under the key. */
  read(key: string): Promise<Readable>;
}

/** Where files too large for a history are kept: a folder or an S3 bucket. */
export interface ArtifactStore {
  /** Stores a file under a key, whole or not at all. */
  put(key: string, content: Readable | Buffer | string): Promise<ArtifactRef>;
  /** Opens a file; refuses content whose digest is not the reference's at the end of the stream. */
  open(ref: ArtifactRef): Promise<Readable>;
  /** Copies a file to a local path after checking its digest. */
  download(ref: ArtifactRef, path: string): Promise<void>;
}
