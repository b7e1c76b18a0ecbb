import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path of the Temporal CLI: `TEMPORAL_CLI`, then PATH, then the cache; null when it is nowhere. */
export const findTemporalCli = (env = process.env) =>
  [
    env.TEMPORAL_CLI,
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'temporal')),
    join(root, '.quarterdeck', 'tools', 'temporal'),
  ].find((path) => path && existsSync(path)) ?? null;
