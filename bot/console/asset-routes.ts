import { Router } from 'express';
import type { Assets } from './assets.ts';
import { HttpError } from './security/http-error.ts';

/** Style and script. The address changes with the content, so a copy is good for ever. */
export const createAssetRoutes = (assets: Assets): Router => {
  const router = Router();
  router.get('/console/assets/:version/:name', ({ params }, response) => {
    const asset = assets.find(params.version, params.name);
    if (asset === undefined) throw new HttpError(404, 'There is no such file.');
    response.set('cache-control', 'public, max-age=31536000, immutable').type(asset.type).send(asset.body);
  });
  return router;
};
