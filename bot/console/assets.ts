import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Router } from 'express';
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

/** Addresses of the files that every page needs. */
export interface AssetUrls {
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

export interface Assets {
  readonly urls: AssetUrls;
  /** By the last two parts of the address; undefined when there is no such file, or not any more. */
  find(version: string, name: string): Asset | undefined;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const folder = fileURLToPath(new URL('./assets/', import.meta.url));

/** One style sheet to a browser; later parts rest on the earlier ones. */
const styleParts = [
  ...['base', 'header', 'chat', 'composer', 'buttons', 'card', 'sections'],
  ...['beside', 'runs', 'run', 'small-screens'],
];

const readStyle = (): Buffer =>
  Buffer.concat(styleParts.map((part) => readFileSync(`${folder}style/${part}.css`)));

const styleName = 'console.css';

/** Reads the files once. Their address names their content, so a browser may keep them for ever. */
export const readAssets = (): Assets => {
  const files = new Map<string, Asset>();
  const hash = createHash('sha256');
  for (const name of [styleName, ...readdirSync(folder).sort()]) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = name === styleName ? readStyle() : readFileSync(`${folder}${name}`);
    hash.update(name).update(body);
    files.set(name, { type, body });
  }
  const version = hash.digest('hex').slice(0, 12);
  const url = (name: string): string => `/console/assets/${version}/${name}`;
  return {
    urls: { style: url(styleName), script: url('console.js'), icon: url('icon.svg') },
    find: (asked, name) => (asked === version ? files.get(name) : undefined),
  };
};
