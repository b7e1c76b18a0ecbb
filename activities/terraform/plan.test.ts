import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StageProgress } from '../../workflows/contract/activities.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { storageFailure } from '../artifacts/storage-failure.ts';
import {
  catchFailure,
  createActivityEnvironment,
  createTerraformFixture,
} from './testing/terraform-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTerraformFixture>>;
beforeEach(async () => {
  fixture = await createTerraformFixture(process.env);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fixture.remove();
});

const web = (rest = '') => `resource "terraform_data" "web" {\n${rest}\n}\n`;

describe('A plan', () => {
  test('lists the resources to create, and stores the plan file, its text and its log', async () => {
    await fixture.write(web('input = "x"'));
    const { detail, plan, log, tail } = await fixture.plan();
    expect(detail).toBe('1 to add');
    expect(plan.summary.counts).toEqual({
      add: 1,
      change: 0,
      replace: 0,
      destroy: 0,
      import: 0,
      move: 0,
      forget: 0,
    });
    expect(plan.summary.changes).toEqual([
      { address: 'terraform_data.web', action: 'create', forcedBy: [], attributes: [], note: null },
    ]);
    expect(plan.summary.hasChanges).toBe(true);
    expect(plan.lock).toBeNull();
    expect(await fixture.read(plan.text)).toContain('# terraform_data.web will be created');
    expect(await fixture.read(log)).toContain('terraform_data.web: Plan to create');
    expect(tail.at(-1)).toBe('Plan: 1 to add, 0 to change, 0 to destroy.');
    // The plan file is a zip.
    const file = await fixture.artifacts.open(plan.file);
    for await (const chunk of file) {
      expect((chunk as Buffer).subarray(0, 2).toString()).toBe('PK');
      break;
    }
  });

  test('names the attributes that change in place, and those that force a replacement', async () => {
    const code = (n: number) => `${web(`input = { size = ${n}, motto = "m${n}" }`)}
      resource "terraform_data" "db" {\n triggers_replace = { engine = ${n} }\n }`;
    await fixture.write(code(1));
    await fixture.applyAll();
    await fixture.write(code(2));
    const { plan, detail } = await fixture.plan();
    expect(detail).toBe('1 to replace, 1 to change');
    expect(plan.summary.changes).toMatchObject([
      { address: 'terraform_data.db', action: 'replace', forcedBy: ['triggers_replace'] },
      {
        address: 'terraform_data.web',
        action: 'change',
        attributes: [
          { name: 'input.motto', values: null },
          { name: 'input.size', values: { before: '1', after: '2' } },
          { name: 'output', values: null },
        ],
      },
    ]);
  });

  test('lists a destroy before the creates, with its reason', async () => {
    await fixture.write('resource "terraform_data" "old" {}');
    await fixture.applyAll();
    await fixture.write('resource "terraform_data" "a" {}\nresource "terraform_data" "b" {}');
    const { plan } = await fixture.plan();
    expect(plan.summary.changes.map(({ action }) => action)).toEqual(['destroy', 'create', 'create']);
    expect(plan.summary.changes[0]).toMatchObject({
      address: 'terraform_data.old',
      note: 'no longer in the code',
    });
  });

  test('counts moves, imports and forgotten resources, which Terraform does not count', async () => {
    await fixture.write('resource "terraform_data" "a" {}\nresource "terraform_data" "b" {}');
    await fixture.applyAll();
    await fixture.write(`
      resource "terraform_data" "c" {}
      moved {
        from = terraform_data.a
        to   = terraform_data.c
      }
      removed {
        from = terraform_data.b
        lifecycle {
          destroy = false
        }
      }
      resource "terraform_data" "d" {}
      import {
        to = terraform_data.d
        id = "some-id"
      }`);
    const { plan } = await fixture.plan();
    expect(plan.summary.counts).toMatchObject({ add: 0, destroy: 0, import: 1, move: 1, forget: 1 });
    expect(plan.summary.changes.map(({ action, note }) => [action, note])).toEqual([
      ['forget', 'remains, but Terraform no longer manages it; no longer in the code'],
      ['import', 'imported as some-id'],
      ['move', 'moved from terraform_data.a'],
    ]);
    const { applied } = await fixture.apply(plan);
    expect(applied).toMatchObject({ done: 0, total: 0, added: 0, destroyed: 0 });
  });

  test('with changed outputs only has changes', async () => {
    await fixture.write('output "color" {\n value = "blue"\n}');
    const { plan, detail } = await fixture.plan();
    expect(detail).toBe('only outputs change');
    expect(plan.summary.outputs).toEqual([{ name: 'color', action: 'create', sensitive: false }]);
    expect(plan.summary.hasChanges).toBe(true);
  });

  test('without changes reports no changes', async () => {
    await fixture.write(web());
    await fixture.applyAll();
    const { plan, detail } = await fixture.plan();
    expect(detail).toBe('no changes');
    expect(plan.summary.hasChanges).toBe(false);
    expect(plan.summary.changes).toEqual([]);
  });

  test('names the checks that failed', async () => {
    await fixture.write(`variable "answer" { default = 41 }
    check "healthy" {
      assert {
        condition     = var.answer == 42
        error_message = "the answer is wrong"
      }
    }`);
    const { plan, log } = await fixture.plan();
    expect(plan.summary.failedChecks).toEqual(['check.healthy']);
    expect(await fixture.read(log)).toContain('the answer is wrong');
  });

  test('keeps a malicious key as data', async () => {
    await fixture.write('resource "terraform_data" "web" {\n for_each = toset(["<!channel>"])\n}');
    const { plan } = await fixture.plan();
    expect(plan.summary.changes[0]?.address).toBe('terraform_data.web["<!channel>"]');
  });

  test("passes the catalog's variables, the image, the commit and the environment to the code", async () => {
    await fixture.write(`
      variable "image" {}
      variable "commit" {}
      variable "environment" {}
      variable "size" { type = number }
      output "all" { value = "\${var.image} \${var.commit} \${var.environment} \${var.size}" }`);
    const given = fixture.input({ variables: { size: '3', not_declared: 'x' } });
    await fixture.applyAll(given);
    const { outputs } = await fixture.inActivity(() => fixture.activities.terraformOutput(given));
    expect(outputs).toEqual([
      { name: 'all', sensitive: false, value: `web:3f2a91c03f2a ${'3f2a91c0'.repeat(5)} production 3` },
    ]);
  });

  test('heartbeats the number of refreshed resources', async () => {
    await fixture.write('resource "terraform_data" "web" {\n count = 3\n}');
    await fixture.applyAll();
    const environment = createActivityEnvironment();
    const beats: StageProgress[] = [];
    environment.on('heartbeat', (beat: StageProgress) => beats.push(beat));
    const { log } = await fixture.inActivity(
      () => fixture.activities.terraformPlan(fixture.input()),
      environment,
    );
    expect(await fixture.read(log)).toMatch(/refreshing 3: terraform_data\.web\[\d\]/);
    expect(beats.some(({ done }) => done === 3)).toBe(true);
  });

  test('leaves no backend settings and no plan file behind', async () => {
    const temp = join(fixture.folder, 'temp');
    await mkdir(temp);
    vi.stubEnv('TMPDIR', temp);
    await fixture.write(web());
    await fixture.plan();
    expect(await readdir(temp)).toEqual([]);
    expect((await readdir(fixture.code)).sort()).toEqual(['.terraform', 'main.tf']);
  });
});

describe('A plan that fails', () => {
  test('because Terraform is not installed explains how to install it', async () => {
    const without = await createTerraformFixture(process.env, { env: { PATH: fixture.folder } });
    const failure = await catchFailure(without.plan());
    expect(failure).toMatchObject({ type: 'TerraformMissing', retryable: false });
    expect(failure.message).toBe(
      'planning web in production: neither terraform nor tofu is installed on this worker',
    );
    expect(failure.details.hint).toContain('Install Terraform');
    await without.remove();
  });

  test('because TERRAFORM_BIN does not exist names its value', async () => {
    const without = await createTerraformFixture(process.env, { terraformBin: '/nowhere/tofu' });
    const failure = await catchFailure(without.plan());
    expect(failure).toMatchObject({ type: 'TerraformMissing' });
    expect(failure.message).toContain('TERRAFORM_BIN is /nowhere/tofu');
    await without.remove();
  });

  test('because the code has no backend explains what would happen to its state', async () => {
    await fixture.writeBare(web());
    const failure = await catchFailure(fixture.plan());
    expect(failure).toMatchObject({ type: 'NoBackend', retryable: false });
    expect(failure.message).toContain('would be deleted');
    expect(failure.details.hint).toContain('backend');
  });

  test('because the local backend writes into the worktree has the same type', async () => {
    await fixture.write(web());
    expect((await catchFailure(fixture.plan(fixture.input({ backend: {} })))).type).toBe('NoBackend');
    const inside = { path: join(fixture.code, 'terraform.tfstate') };
    expect((await catchFailure(fixture.plan(fixture.input({ backend: inside })))).type).toBe('NoBackend');
  });

  test('because the repository lacks the folder names the folder', async () => {
    for (const directory of ['nowhere', '../..'])
      expect(await catchFailure(fixture.plan(fixture.input({ directory })))).toMatchObject({
        type: 'PlanFailed',
        message: `planning web in production: the repository has no folder ${directory} at this commit`,
      });
  });

  test('because the code is invalid fails in init and names the file', async () => {
    await fixture.write('resource "terraform_data" {');
    const failure = await catchFailure(fixture.plan());
    expect(failure).toMatchObject({ type: 'InitFailed', retryable: false });
    expect(failure.details.tail.join('\n')).toContain('main.tf');
  });

  test('because of an undeclared reference names the line', async () => {
    await fixture.write(web('input = terraform_data.missing.id'));
    const failure = await catchFailure(fixture.plan());
    expect(failure).toMatchObject({ type: 'PlanFailed', retryable: false });
    expect(failure.message).toBe(
      'planning web in production: Reference to undeclared resource, main.tf line 5',
    );
    expect(failure.details.tail).toContain('Error: Reference to undeclared resource');
    expect(await fixture.read(failure.details.log)).toContain('has not been declared');
  });

  test('because the registry does not respond is retryable until the fifth attempt', async () => {
    await mkdir(join(fixture.folder, 'mirror'));
    const config = join(fixture.folder, 'terraformrc');
    await writeFile(
      config,
      'provider_installation {\n network_mirror {\n url = "https://127.0.0.1:1/"\n }\n}\n',
    );
    const { runCommand } = fixture.deps;
    const env = { ...fixture.deps.env, TF_CLI_CONFIG_FILE: config };
    const away = await createTerraformFixture(process.env, { env, runCommand });
    await away.writeBare(
      'terraform {\n backend "local" {}\n required_providers {\n null = { source = "hashicorp/null" }\n }\n}',
    );
    const failure = await catchFailure(away.plan());
    expect(failure).toMatchObject({ type: 'InitFailed', retryable: true });
    const late = createActivityEnvironment({ attempt: 5 });
    const last = await catchFailure(away.inActivity(() => away.activities.terraformPlan(away.input()), late));
    expect(last.retryable).toBe(false);
    await away.remove();
  });

  test('because the state server responds with an error is retryable', async () => {
    const server = createServer((_, response) => response.writeHead(503).end('out of order'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await fixture.writeBare('terraform {\n backend "http" {}\n}');
    const backend = { address: `http://127.0.0.1:${port}/state`, retry_max: '0' };
    const failure = await catchFailure(fixture.plan(fixture.input({ backend })));
    expect(failure).toMatchObject({ type: 'InitFailed', retryable: true });
    expect(failure.message).toContain('Failed to get state');
    server.close();
  });

  test('because the catalog has no Terraform folder is a failed plan', async () => {
    expect(
      await catchFailure(
        fixture.plan({ ...fixture.input(), target: { ...fixture.input().target, terraform: null } }),
      ),
    ).toMatchObject({
      type: 'PlanFailed',
    });
  });

  test('because terraform show failed reports that, even if the store rejects the partial text', async () => {
    const fake = join(fixture.folder, 'fake');
    const script = `case "$1 $2" in 'show -no-color') echo half; echo 'Error: cannot be shown' >&2; exit 1;; esac`;
    await writeFile(fake, `#!/bin/sh\n${script}\nexec terraform "$@"\n`, { mode: 0o755 });
    const picky: ArtifactStore = {
      ...fixture.artifacts,
      put: async (key, content) => {
        if (!key.endsWith('plan.txt') || typeof content === 'string' || Buffer.isBuffer(content))
          return fixture.artifacts.put(key, content);
        for await (const _ of content);
        throw storageFailure(`storing ${key}`, new Error('half a text'));
      },
    };
    const half = await createTerraformFixture(process.env, { artifacts: picky, terraformBin: fake });
    await half.write(web());
    expect(await catchFailure(half.plan())).toMatchObject({
      type: 'PlanFailed',
      message: 'planning web in production: terraform show failed: cannot be shown',
    });
    await half.remove();
  });

  test('because the artifact store is full is retryable', async () => {
    const full: ArtifactStore = {
      ...fixture.artifacts,
      put: async (key, content) => {
        if (!key.endsWith('plan.txt')) return fixture.artifacts.put(key, content);
        throw storageFailure(`storing ${key}`, Object.assign(new Error('full'), { code: 'ENOSPC' }));
      },
    };
    const without = await createTerraformFixture(process.env, { artifacts: full });
    await without.write(web());
    expect(await catchFailure(without.plan())).toMatchObject({ type: 'StorageFailed', retryable: true });
    await without.remove();
  });

  test('because Terraform marked the plan file as errored is a failed plan', async () => {
    await fixture.write(web());
    const { plan } = await fixture.plan();
    expect(plan.summary.hasChanges).toBe(true);
    // A Terraform that exits with 0 although planning failed.
    const fake = join(fixture.folder, 'terraform');
    const real = (await import('./prerequisites.ts')).findTerraform(null, fixture.deps.env);
    await writeFile(
      fake,
      `#!/bin/sh\nif [ "$1 $2" = "show -json" ]; then ${real} "$@" | sed 's/"errored":false/"errored":true/'; else exec ${real} "$@"; fi\n`,
    );
    await chmod(fake, 0o755);
    const errored = await createTerraformFixture(process.env, { terraformBin: fake });
    await errored.write(web());
    expect(await catchFailure(errored.plan())).toMatchObject({
      type: 'PlanFailed',
      message: /could not complete/,
    });
    await errored.remove();
    expect(await readFile(fake, 'utf8')).toContain('errored');
  });
});

describe('Secrets', () => {
  const secret = 'correct-horse-battery';

  test('that Terraform marks as sensitive are in no summary, text or log', async () => {
    const code = (n: number) => `
      variable "password" {
        sensitive = true
        default   = "${secret}"
      }
      variable "given" { sensitive = true }
      resource "terraform_data" "web" {
        input = { password = var.password, given = var.given, n = ${n} }
      }
      resource "terraform_data" "leak" {
        input = "\${nonsensitive(var.password)}-${n}"
        for_each = toset([nonsensitive(var.given)])
      }
      output "leak" { value = nonsensitive(var.password) }
      check "leak" {
        assert {
          condition     = nonsensitive(var.password) == "x"
          error_message = "it is \${nonsensitive(var.password)}"
        }
      }`;
    const given = fixture.input({ variables: { given: 'from-the-catalog-77' } });
    await fixture.write(code(1));
    await fixture.applyAll(given);
    await fixture.write(code(2));
    const { plan, log, tail } = await fixture.plan(given);
    const text = await fixture.read(plan.text);
    const seen = [JSON.stringify(plan), JSON.stringify(tail), text, await fixture.read(log)].join('\n');
    expect(seen).not.toContain(secret);
    expect(text).toContain('***');
    expect(text).not.toContain('from-the-catalog-77');
    expect(JSON.stringify(plan.summary)).not.toContain('from-the-catalog-77');
    const { outputs } = await fixture.inActivity(() => fixture.activities.terraformOutput(given));
    expect(JSON.stringify(outputs)).not.toContain(secret);
  });

  test('in an error of the plan are redacted', async () => {
    await fixture.write(`
      variable "password" {
        sensitive = true
        default   = "${secret}"
      }
      resource "terraform_data" "web" {
        lifecycle {
          precondition {
            condition     = nonsensitive(var.password) == ""
            error_message = "not with \${nonsensitive(var.password)}"
          }
        }
      }`);
    const failure = await catchFailure(fixture.plan());
    expect(failure.type).toBe('PlanFailed');
    expect(failure.details.tail.join('\n')).toContain('not with ***');
    expect(JSON.stringify(failure) + (await fixture.read(failure.details.log))).not.toContain(secret);
  });

  test('in the backend settings are in no log', async () => {
    await fixture.write(web());
    const backend = { path: join(fixture.folder, 'web.tfstate'), password: secret };
    const failure = await catchFailure(fixture.plan(fixture.input({ backend })));
    expect(failure.type).toBe('InitFailed');
    expect(JSON.stringify(failure) + (await fixture.read(failure.details.log))).not.toContain(secret);
  });
});
