import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../../runtime/logger.ts';
import type { ArtifactRef } from '../../../workflows/contract/artifact.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import type { Runs } from '../../runs/types.ts';
import type { RunCache } from '../run-cache.ts';
import { HttpError } from '../security/http-error.ts';
import type { ArtifactPreview } from './plan-panel.ts';

/** The beginning of an artifact; null when there is none or the storage does not respond. */
export type ReadPreview = (ref: ArtifactRef | null) => Promise<ArtifactPreview | null>;

const maxPreviewBytes = 128 * 1024;

const readBeginning = async (stream: Readable): Promise<ArtifactPreview> => {
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
  const bytes = Buffer.concat(chunks);
  // A character that the limit cuts in two becomes U+FFFD.
  return {
    text: bytes.subarray(0, maxPreviewBytes).toString('utf8'),
    isTruncated: bytes.length > maxPreviewBytes,
  };
};

/** Caches by content hash: an artifact never changes. */
export const createReadPreview = (open: (ref: ArtifactRef) => Promise<Readable>): ReadPreview => {
  const cache = new LRUCache<string, ArtifactPreview>({ max: 20 });
  return async (ref) => {
    if (ref === null) return null;
    const known = cache.get(ref.sha256);
    if (known !== undefined) return known;
    try {
      const preview = await readBeginning(await open(ref));
      cache.set(ref.sha256, preview);
      return preview;
    } catch {
      // The page says that the artifact is unavailable, and shows the rest of the run.
      return null;
    }
  };
};

export interface ArtifactRouteDeps {
  readonly runs: Pick<Runs, 'artifact'>;
  readonly runCache: RunCache;
  readonly logger: Logger;
}

/** A run's logs and plans as plain text. A URL names a run and a part of it, never a storage key. */
export const createArtifactRoutes = ({ runs, runCache, logger }: ArtifactRouteDeps): Router => {
  const router = Router();

  const send = async (
    response: Response,
    workflowId: string,
    select: (view: RunView) => ArtifactRef | null | undefined,
  ): Promise<void> => {
    const found = await runCache.load(workflowId);
    const ref = found === null ? null : select(found.run.view);
    if (!ref) throw new HttpError(404, 'This run has no such file.');
    const context = { workflowId, key: ref.key };
    const text = await runs.artifact(ref).catch((err: unknown) => {
      logger.warn({ ...context, err }, 'artifact not opened');
      throw new HttpError(502, 'Artifact storage is unavailable. Try again shortly.');
    });
    response.set({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    });
    await pipeline(text, response).catch((err: unknown) => {
      // The status has been sent already; the broken connection tells the browser that the text is incomplete.
      logger.warn({ ...context, err }, 'artifact download interrupted');
    });
  };

  router.get('/runs/:id/plan', ({ params }, response) =>
    send(response, params.id, (view) => view.plan?.text),
  );
  router.get('/runs/:id/remaining', ({ params }, response) =>
    send(response, params.id, (view) => view.remaining?.text),
  );
  router.get('/runs/:id/logs/:stage', ({ params }, response) =>
    send(response, params.id, (view) => view.stages.find(({ name }) => name === params.stage)?.log),
  );
  return router;
};
