import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { LRUCache } from 'lru-cache';
import type { ArtifactRef } from '../../../workflows/contract/artifact.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { HttpError } from '../security/http-error.ts';
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

/** Logs and plans as plain text. Only what a run names can be asked for, never a key. */
export const createArtifactRoutes = ({ runCache: seen, runs, logger }: ConsoleParts): Router => {
  const router = Router();

  const send = async (
    response: Response,
    workflowId: string,
    pick: (view: RunView) => ArtifactRef | null | undefined,
  ): Promise<void> => {
    const found = await seen.load(workflowId);
    const ref = found === null ? null : pick(found.run.view);
    if (!ref) throw new HttpError(404, 'There is no such text of this run.');
    const text = await runs.artifact(ref).catch((error: unknown) => {
      logger.warn({ workflowId, key: ref.key, error: String(error) }, 'an artifact could not be opened');
      throw new HttpError(
        502,
        'The text is kept elsewhere, and cannot be read just now. Try again in a moment.',
      );
    });
    response.set({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    });
    await pipeline(text, response).catch((error: unknown) => {
      // The answer has begun; a broken connection says that it is not whole.
      logger.warn({ workflowId, key: ref.key, error: String(error) }, 'sending an artifact stopped');
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
