import { createCatalog } from '../../activities/catalog/catalog.ts';
import { CatalogError } from '../../activities/catalog/raw-catalog.ts';
import { platformFactories } from '../../bot/platforms.ts';
import { readBotEnv } from '../../bot/process/env.ts';
import { nodeProblem } from '../../runtime/assert-node.ts';
import { type Env, readEnv } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import { workerChecks, workerEnv } from '../../worker/env.ts';
import { type Check, fail, ok } from './finding.ts';

/** Node 24 runs TypeScript directly; other versions can't start Quarterdeck. */
export const checkNode =
  (version: string): Check =>
  async () =>
    nodeProblem(version) === null
      ? [ok('Node', version)]
      : [
          fail(
            'Node',
            `${version} is not supported (needs 24)`,
            'Run npm install, which installs Node 24 in this directory.',
          ),
        ];

const collectProblems = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

/** The environment variables, as the bot and the worker read them at startup. */
export const checkSettings =
  (env: Env): Check =>
  async () => {
    const problems = new Set([
      ...collectProblems(() => readBotEnv(env, platformFactories)),
      ...collectProblems(() => readEnv(workerEnv, env, workerChecks)),
    ]);
    const fix = 'Fix it in the environment or in .env. See .env.example for every variable.';
    return problems.size === 0
      ? [ok('settings', 'valid')]
      : [...problems].map((problem) => fail('settings', problem, fix));
  };

const silent = { info: () => undefined, error: () => undefined };

/** The catalog file: each of its problems is a failure. */
export const checkCatalog =
  (path: string): Check =>
  async () => {
    try {
      const catalog = createCatalog(path, { logger: silent });
      const { services, people } = catalog.summary();
      catalog.close();
      return [ok('catalog', `${path}: ${services.length} services, ${people.length} people`)];
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      const fix =
        'Fix it; Quarterdeck reloads it without a restart. quarterdeck.schema.json helps your editor.';
      return error.problems.map((problem) => fail('catalog', `${path}: ${problem}`, fix));
    }
  };
