import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { platformFactories } from '../bot/platforms.ts';
import { readBotEnv } from '../bot/process/env.ts';
import { workerChecks, workerEnv } from '../worker/env.ts';
import { readEnv } from './env.ts';
import { EnvError } from './env-error.ts';

const processes = {
  bot: (env: Record<string, string>) => readBotEnv(env, platformFactories),
  worker: (env: Record<string, string>) => readEnv(workerEnv, env, workerChecks),
};

const problemsOf = (process: keyof typeof processes, env: Record<string, string>): readonly string[] => {
  try {
    processes[process](env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

test.each([
  ['bot', 'SPACELIFT_API_KEY_ID', 'Spacelift'],
  ['bot', 'GITHUB_WEBHOOK_SECRET', 'deployment by GitHub webhook'],
  ['worker', 'SPACELIFT_API_KEY_SECRET', 'Spacelift'],
] as const)('the %s refuses to start with %s', (process, name, what) => {
  expect(problemsOf(process, { [name]: 'true' })).toEqual([
    `${name}: ${what} is not available in this version; remove the variable`,
  ]);
});

test('disabled encryption and settings of the other process are accepted', () => {
  for (const off of ['false', '0', 'No', 'off', '', ' '])
    for (const process of ['bot', 'worker'] as const)
      expect(problemsOf(process, { ENCRYPT_PAYLOADS: off })).toEqual([]);
  expect(problemsOf('worker', { GITHUB_WEBHOOK_SECRET: 'x', MicrosoftAppId: 'x' })).toEqual([]);
});

test('a misspelled encryption variable is reported together with all other problems', () => {
  expect(problemsOf('worker', { ENCRYPT_PAYLOAD: 'true', LOG_LEVEL: 'loud', SPACELIFT_X: 'x' })).toEqual([
    expect.stringContaining('LOG_LEVEL'),
    'SPACELIFT_X: Spacelift is not available in this version; remove the variable',
    'ENCRYPT_PAYLOAD is not a known variable; did you mean ENCRYPT_PAYLOADS?',
  ]);
});

test('compose.yaml passes no variable that bot or worker refuse', async () => {
  const text = await readFile(fileURLToPath(new URL('../compose.yaml', import.meta.url)), 'utf8');
  const { services } = parse(text) as { services: Record<string, { environment: Record<string, string> }> };
  for (const process of ['bot', 'worker'] as const) {
    const passed = Object.keys(services[process]?.environment ?? {});
    const problems = problemsOf(process, Object.fromEntries(passed.map((name) => [name, 'x'])));
    expect(problems.filter((problem) => problem.includes('not available'))).toEqual([]);
  }
});
