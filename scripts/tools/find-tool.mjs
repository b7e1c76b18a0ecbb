import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Looks at the path that a variable names, then on PATH, then in the cache; null when none of them has it. */
const findTool = (name, variable, env) =>
  [
    env[variable],
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
    join(root, '.quarterdeck', 'tools', name),
  ].find((path) => path && existsSync(path)) ?? null;

/** Path of the Temporal CLI, or null. `TEMPORAL_CLI` overrides it. */
export const findTemporalCli = (env = process.env) => findTool('temporal', 'TEMPORAL_CLI', env);

/** Path of Open Policy Agent, or null. `OPA_BIN` overrides it. */
export const findOpa = (env = process.env) => findTool('opa', 'OPA_BIN', env);
