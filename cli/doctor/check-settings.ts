import { platformFactories } from '../../bot/platforms.ts';
import { readBotEnv } from '../../bot/process/env.ts';
import { type Env, readEnv } from '../../runtime/env.ts';
import { EnvError } from '../../runtime/env-error.ts';
import { workerChecks, workerEnv } from '../../worker/env.ts';
import { type Check, fail, ok } from './finding.ts';

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
