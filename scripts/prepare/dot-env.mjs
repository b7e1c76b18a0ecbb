import { existsSync, readFileSync } from 'node:fs';

/** The simple lines of a `.env` file: enough to see which tools are configured. The product reads it with dotenv. */
export const readDotEnv = (path) => {
  if (!existsSync(path)) return {};
  const pairs = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => [match[1], match[2].replace(/^(["'])(.*)\1$/, '$2')]);
  return Object.fromEntries(pairs);
};
