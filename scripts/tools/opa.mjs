import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path of Open Policy Agent: `OPA_BIN`, then PATH, then the cache; null when it is nowhere. */
export const findOpa = (env = process.env) =>
  [
    env.OPA_BIN,
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'opa')),
    join(root, '.quarterdeck', 'tools', 'opa'),
  ].find((path) => path && existsSync(path)) ?? null;
