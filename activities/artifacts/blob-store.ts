import type { Readable } from 'node:stream';

/** Where bytes are kept under a key, whole or not at all; it knows nothing of what they mean. */
export interface BlobStore {
  write(key: string, content: Readable): Promise<void>;
  /** Throws when there is nothing under the key. */
  read(key: string): Promise<Readable>;
}
