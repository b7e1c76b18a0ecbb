import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { opaStep } from './open-policy-agent.mjs';
import { packagesStep } from './packages.mjs';
import { withLock } from './prepare-lock.mjs';
import { gitStep, terraformStep } from './programs.mjs';
import { createReporter } from './reporter.mjs';
import { systemStep } from './system-packages.mjs';
import { temporalStep } from './temporal.mjs';

/**
 * What each command needs. Programs are only looked up, so they come first: a missing one is reported before
 * anything long starts. Downloads and builds run at the same time.
 */
export const plans = {
  check: { programs: [], downloads: [packagesStep] },
  start: { programs: [gitStep, terraformStep], downloads: [packagesStep, temporalStep] },
  scenario: { programs: [terraformStep], downloads: [packagesStep, temporalStep] },
  bench: { programs: [gitStep, terraformStep], downloads: [packagesStep, temporalStep] },
  test: {
    programs: [gitStep, terraformStep, systemStep],
    downloads: [packagesStep, temporalStep, opaStep],
  },
};

/** The simple lines of a `.env` file: enough to see which tools are configured. The product reads it with dotenv. */
const readDotEnv = (path) => {
  if (!existsSync(path)) return {};
  const pairs = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => [match[1], match[2].replace(/^(["'])(.*)\1$/, '$2')]);
  return Object.fromEntries(pairs);
};

/** Runs the missing downloads together. All of them end before the first failure is thrown. */
const bringAll = async (steps, context) => {
  const missing = steps.filter((step) => step.missing(context));
  const packages = missing.includes(packagesStep) ? packagesStep.bring(context) : Promise.resolve();
  const others = missing.filter((step) => step !== packagesStep);
  const all = [packages, ...others.map((step) => step.bring({ ...context, packages }))];
  for (const result of await Promise.allSettled(all)) if (result.status === 'rejected') throw result.reason;
};

/**
 * Brings what a command needs. Each step first checks what is missing. When nothing is missing, preparing
 * prints nothing, takes no lock, and costs a few file reads.
 */
export const prepare = async (command, env, root = fileURLToPath(new URL('../../', import.meta.url))) => {
  const reporter = createReporter(process.stdout);
  const context = { command, root, env: { ...readDotEnv(join(root, '.env')), ...env }, reporter };
  const locked = (work) => withLock(join(root, '.quarterdeck', 'prepare.lock'), reporter, work);
  try {
    const plan = plans[command];
    if (!plan) throw new Error(`unknown command ${command}; use one of ${Object.keys(plans).join(', ')}`);
    for (const step of plan.programs) if (step.missing(context)) await locked(() => step.bring(context));
    if (plan.downloads.some((step) => step.missing(context)))
      await locked(() => bringAll(plan.downloads, context));
  } catch (error) {
    reporter.failed(error);
    process.exitCode = 1;
  }
};
