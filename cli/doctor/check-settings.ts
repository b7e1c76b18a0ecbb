import { createCatalog } from '../../activities/catalog/catalog.ts';
import { CatalogError } from '../../activities/catalog/raw-catalog.ts';
import { platformFactories } from '../../bot/platforms.ts';
import { readBotEnv } from '../../bot/process/env.ts';
import { nodeProblem } from '../../runtime/assert-node.ts';
import { type Env, readEnv } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import { workerChecks, workerEnv } from '../../worker/env.ts';
import { type Check, fail, ok } from './finding.ts';

const silent = { info: () => undefined, error: () => undefined };

/** The catalog, with every problem that it has. */
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
      const todo = 'Correct it; it counts without a restart. quarterdeck.schema.json helps your editor.';
      return error.problems.map((problem) => fail('catalog', `${path}: ${problem}`, todo));
    }
  };

/** Node runs the TypeScript itself, so another one cannot start anything. */
export const checkNode =
  (version: string): Check =>
  async () =>
    nodeProblem(version) === null
      ? [ok('Node', version)]
      : [
          fail(
            'Node',
            `${version} is not version 24`,
            'Run npm install: it brings Node 24 into this folder.',
          ),
        ];

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

/** The environment as bot and worker would read it at their start. */
export const checkSettings =
  (env: Env): Check =>
  async () => {
    const problems = new Set([
      ...problemsOf(() => readBotEnv(env, platformFactories)),
      ...problemsOf(() => readEnv(workerEnv, env, workerChecks)),
    ]);
    const todo = 'Correct it in the environment or in .env; .env.example explains every variable.';
    return problems.size === 0
      ? [ok('settings', 'all good')]
      : [...problems].map((problem) => fail('settings', problem, todo));
  };
