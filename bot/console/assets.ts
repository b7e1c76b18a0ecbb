import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Router } from 'express';
import { HttpError } from './security/http-error.ts';

/** URLs of the files that every page loads. */
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
  /** undefined for an unknown file or another version. */
  find(version: string, name: string): Asset | undefined;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const folder = fileURLToPath(new URL('./assets/', import.meta.url));

/** Served as one style sheet. Later parts override earlier ones. */
const styleParts = [
  ...['base', 'header', 'chat', 'composer', 'buttons', 'card', 'sections'],
  ...['sidebar', 'runs', 'run', 'small-screens'],
];

const readStyle = (): Buffer =>
  Buffer.concat(styleParts.map((part) => readFileSync(`${folder}style/${part}.css`)));

const readFiles = (): ReadonlyMap<string, Buffer> => {
  const idiomorph = fileURLToPath(import.meta.resolve('idiomorph'));
  const names = readdirSync(folder).filter((name) => types[extname(name)] !== undefined);
  return new Map([
    ['console.css', readStyle()],
    ['idiomorph.js', readFileSync(idiomorph)],
    ...names.sort().map((name) => [name, readFileSync(`${folder}${name}`)] as const),
  ]);
};

/** Reads the files once. Their URLs contain a hash of the content, so browsers may cache them without limit. */
export const readAssets = (): Assets => {
  const files = readFiles();
  const hash = createHash('sha256');
  for (const [name, body] of files) hash.update(name).update(body);
  const version = hash.digest('hex').slice(0, 12);
  const toUrl = (name: string): string => `/console/assets/${version}/${name}`;
  return {
    urls: { style: toUrl('console.css'), script: toUrl('console.js'), icon: toUrl('icon.svg') },
    find(requested, name) {
      const body = files.get(name);
      const type = types[extname(name)];
      return requested === version && body !== undefined && type !== undefined ? { type, body } : undefined;
    },
  };
};

export const createAssetRoutes = (assets: Assets): Router => {
  const router = Router();
  router.get('/console/assets/:version/:name', ({ params }, response) => {
    const asset = assets.find(params.version, params.name);
    if (asset === undefined) throw new HttpError(404, 'File not found.');
    response.set('cache-control', 'public, max-age=31536000, immutable').type(asset.type).send(asset.body);
  });
  return router;
};
