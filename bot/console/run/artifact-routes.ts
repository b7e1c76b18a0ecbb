import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import type { ArtifactRef } from '../../../workflows/contract/artifact.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { HttpError } from '../security/http-error.ts';

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
