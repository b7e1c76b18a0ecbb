import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import type { ArtifactRef } from '../../../workflows/contract/artifact.ts';
import type { ArtifactPreview } from './plan-panel.ts';

const maxPreviewBytes = 128 * 1024;

/** Reads the beginning of an artifact; null when it cannot be read. Kept, because its content never changes. */
export const createArtifactPreview = (open: (ref: ArtifactRef) => Promise<Readable>) => {
  const kept = new LRUCache<string, ArtifactPreview>({ max: 20 });

  const read = async (ref: ArtifactRef): Promise<ArtifactPreview> => {
    const stream = await open(ref);
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of stream) {
        chunks.push(Buffer.from(chunk));
        size += Buffer.byteLength(chunk);
        if (size > maxPreviewBytes) break;
      }
    } finally {
      stream.destroy();
    }
    const whole = Buffer.concat(chunks);
    // A character that the cut split in two shows as one sign for "unknown".
    return {
      text: whole.subarray(0, maxPreviewBytes).toString('utf8'),
      isTruncated: whole.length > maxPreviewBytes,
    };
  };

  return async (ref: ArtifactRef | null): Promise<ArtifactPreview | null> => {
    if (ref === null) return null;
    const known = kept.get(ref.sha256);
    if (known !== undefined) return known;
    try {
      const text = await read(ref);
      kept.set(ref.sha256, text);
      return text;
    } catch {
      // The page says that the text cannot be read; everything else on it can.
      return null;
    }
  };
};
