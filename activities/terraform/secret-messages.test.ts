import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRunCommand } from '../process/run-command.ts';
import { createTerraformActivities } from './terraform-activities.ts';
import { catchFailure, createWorkbench } from './testing/workbench.ts';

let bench: Awaited<ReturnType<typeof createWorkbench>>;
beforeEach(async () => {
  bench = await createWorkbench(process.env);
});
afterEach(() => bench.remove());

/** The activities of a worker with additional environment variables. */
const activitiesWith = (more: Record<string, string>, terraformBin: string | null = null) => {
  const env = { ...bench.deps.env, ...more };
  const runCommand = createRunCommand({ artifacts: bench.artifacts, env });
  return createTerraformActivities({ ...bench.deps, env, runCommand, terraformBin });
};

test('The password of an address in an error of init is redacted', async () => {
  await bench.writeBare('terraform {\n  backend "pg" {}\n}\n');
  const address = 'postgres://deployer:hunter2%zzsecret@db.internal/state';
  const { terraformPlan } = activitiesWith({ PG_CONN_STR: address });
  const given = bench.input({ backend: {} });
  const failure = await catchFailure(bench.inActivity(() => terraformPlan(given)));
  expect(failure.type).toBe('InitFailed');
  expect(failure.message).toMatch(
    /^planning web in production: terraform init failed: .*\*\*\*@db\.internal/,
  );
  expect(JSON.stringify(failure)).not.toContain('hunter2');
});

test('A secret in an error of terraform output is redacted', async () => {
  const fake = join(bench.folder, 'fake');
  const script =
    'case $1 in output) echo "Error: denied for $DEPLOY_TOKEN at pg://me:swordfish@db/x" >&2; exit 1;; esac';
  await writeFile(fake, `#!/bin/sh\n${script}\nexec terraform "$@"\n`, { mode: 0o755 });
  await bench.write('output "a" {\n  value = 1\n}\n');
  const { terraformOutput } = activitiesWith({ DEPLOY_TOKEN: 'top-secret-77' }, fake);
  const failure = await catchFailure(bench.inActivity(() => terraformOutput(bench.input())));
  expect(failure.message).toBe(
    'reading the outputs of web in production: terraform output failed: denied for *** at pg://***@db/x',
  );
});

test('A secret in the name of a lock holder is redacted', async () => {
  const fake = join(bench.folder, 'fake');
  const detail = 'Lock Info:\\n  ID:        top-secret-77\\n  Who:       top-secret-77@build-1\\n';
  const diagnostic = { severity: 'error', summary: 'Error acquiring the state lock', detail: '@' };
  const line = JSON.stringify({ type: 'diagnostic', '@message': 'x', diagnostic }).replace(
    '"@"',
    `"${detail}"`,
  );
  await writeFile(join(bench.folder, 'ui-line'), `${line}\n`);
  const script = `case $1 in plan) cat '${bench.folder}/ui-line'; exit 1;; esac`;
  await writeFile(fake, `#!/bin/sh\n${script}\nexec terraform "$@"\n`, { mode: 0o755 });
  await bench.write('resource "terraform_data" "a" {}');
  const { terraformPlan } = activitiesWith({ DEPLOY_TOKEN: 'top-secret-77' }, fake);
  const failure = await catchFailure(bench.inActivity(() => terraformPlan(bench.input())));
  expect(failure.type).toBe('StateLocked');
  expect(failure.message).toBe('planning web in production: the state is locked by ***@build-1');
  expect(JSON.stringify(failure)).not.toContain('top-secret');
});
