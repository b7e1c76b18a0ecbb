import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRunCommand } from '../process/run-command.ts';
import { createTerraformActivities } from './terraform-activities.ts';
import { catchFailure, createTerraformFixture } from './testing/terraform-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTerraformFixture>>;
beforeEach(async () => {
  fixture = await createTerraformFixture(process.env);
});
afterEach(() => fixture.remove());

/** The activities of a worker with additional environment variables. */
const activitiesWith = (more: Record<string, string>, terraformBin: string | null = null) => {
  const env = { ...fixture.deps.env, ...more };
  const runCommand = createRunCommand({ artifacts: fixture.artifacts, env });
  return createTerraformActivities({ ...fixture.deps, env, runCommand, terraformBin });
};

test('The password of an address in an error of init is redacted', async () => {
  await fixture.writeBare('terraform {\n  backend "pg" {}\n}\n');
  const address = 'postgres://deployer:hunter2%zzsecret@db.internal/state';
  const { terraformPlan } = activitiesWith({ PG_CONN_STR: address });
  const given = fixture.input({ backend: {} });
  const failure = await catchFailure(fixture.inActivity(() => terraformPlan(given)));
  expect(failure.type).toBe('InitFailed');
  expect(failure.message).toMatch(
    /^planning web in production: terraform init failed: .*\*\*\*@db\.internal/,
  );
  expect(JSON.stringify(failure)).not.toContain('hunter2');
});

test('A secret in an error of terraform output is redacted', async () => {
  const fake = join(fixture.folder, 'fake');
  const script =
    'case $1 in output) echo "Error: denied for $DEPLOY_TOKEN at pg://me:swordfish@db/x" >&2; exit 1;; esac';
  await writeFile(fake, `#!/bin/sh\n${script}\nexec terraform "$@"\n`, { mode: 0o755 });
  await fixture.write('output "a" {\n  value = 1\n}\n');
  const { terraformOutput } = activitiesWith({ DEPLOY_TOKEN: 'top-secret-77' }, fake);
  const failure = await catchFailure(fixture.inActivity(() => terraformOutput(fixture.input())));
  expect(failure.message).toBe(
    'reading the outputs of web in production: terraform output failed: denied for *** at pg://***@db/x',
  );
});

test('A secret in the name of a lock holder is redacted', async () => {
  const fake = join(fixture.folder, 'fake');
  const detail = 'Lock Info:\\n  ID:        top-secret-77\\n  Who:       top-secret-77@build-1\\n';
  const diagnostic = { severity: 'error', summary: 'Error acquiring the state lock', detail: '@' };
  const line = JSON.stringify({ type: 'diagnostic', '@message': 'x', diagnostic }).replace(
    '"@"',
    `"${detail}"`,
  );
  await writeFile(join(fixture.folder, 'ui-line'), `${line}\n`);
  const script = `case $1 in plan) cat '${fixture.folder}/ui-line'; exit 1;; esac`;
  await writeFile(fake, `#!/bin/sh\n${script}\nexec terraform "$@"\n`, { mode: 0o755 });
  await fixture.write('resource "terraform_data" "a" {}');
  const { terraformPlan } = activitiesWith({ DEPLOY_TOKEN: 'top-secret-77' }, fake);
  const failure = await catchFailure(fixture.inActivity(() => terraformPlan(fixture.input())));
  expect(failure.type).toBe('StateLocked');
  expect(failure.message).toBe('planning web in production: the state is locked by ***@build-1');
  expect(JSON.stringify(failure)).not.toContain('top-secret');
});
