import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDotEnv } from './dot-env.mjs';
import { withLock } from './lock.mjs';
import { opaStep } from './opa.mjs';
import { packagesStep } from './packages.mjs';
import { gitStep, terraformStep } from './programs.mjs';
import { createReport } from './report.mjs';
import { systemStep } from './system-packages.mjs';
import { temporalStep } from './temporal.mjs';

const stepsFor = {
  check: [packagesStep],
  start: [packagesStep, gitStep, terraformStep, temporalStep],
  test: [packagesStep, gitStep, terraformStep, systemStep, temporalStep, opaStep],
};

/**
 * Brings what the named command needs. A step looks first (`missing`), says nothing when all is there,
 * and only else takes the lock and works, so that a second run costs a few file reads.
 */
export const prepare = async (word, env, root = fileURLToPath(new URL('../../', import.meta.url))) => {
  const report = createReport(process.stdout);
  const context = { word, root, env: { ...readDotEnv(join(root, '.env')), ...env }, report };
  try {
    const steps = stepsFor[word];
    if (!steps)
      throw new Error(`preparing: no such word ${word}; one of ${Object.keys(stepsFor).join(', ')}`);
    for (const step of steps) {
      if (!step.missing(context)) continue;
      await withLock(join(root, '.quarterdeck', 'prepare.lock'), report, async () => {
        if (step.missing(context)) await step.bring(context);
      });
    }
  } catch (error) {
    report.failed(error);
    process.exitCode = 1;
  }
};
