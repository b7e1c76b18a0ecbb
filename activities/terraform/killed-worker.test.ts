import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requireTerraform } from './prerequisites.ts';
import { createTerraformFixture } from './testing/terraform-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTerraformFixture>>;
let worker: ChildProcess;
let bin: string;

const at = (name: string): string => join(fixture.folder, name);
const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
const appears = (name: string) =>
  vi.waitFor(() => expect(existsSync(at(name))).toBe(true), { timeout: 40_000 });

/** A Terraform that waits for the file `go` before it plans, and records its exit code. */
beforeEach(async () => {
  fixture = await createTerraformFixture(process.env);
  bin = at('terraform');
  const terraform = `'${requireTerraform(null, process.env, 'testing')}'`;
  const wait = `touch '${fixture.folder}/began'; while [ ! -e '${fixture.folder}/go' ]; do sleep 0.1; done`;
  const lines = [
    '#!/bin/sh',
    `if [ "$1" = plan ]; then ${wait}; fi`,
    `if [ "$1" = init ] || [ "$1" = show ]; then exec ${terraform} "$@"; fi`,
    `${terraform} "$@"`,
    `echo $? > '${fixture.folder}/code'; mv '${fixture.folder}/code' '${fixture.folder}/ended'`,
  ];
  await writeFile(bin, `${lines.join('\n')}\n`, { mode: 0o755 });
  await mkdir(at('temp'));
});
afterEach(async () => {
  await writeFile(at('go'), '');
  worker.kill('SIGKILL');
  await fixture.remove();
});

/** Starts a separate process that runs one activity, as a worker does. */
const startWorker = (activity: string, input: unknown): void => {
  const settings = { folder: fixture.folder, worktree: fixture.worktree, env: fixture.deps.env, bin };
  const program = `
    import { createArtifactStore } from ${url('../artifacts/create-artifact-store.ts')};
    import { createRunCommand } from ${url('../process/run-command.ts')};
    import { createTerraformActivities } from ${url('./terraform-activities.ts')};
    const { folder, worktree, env, bin } = ${JSON.stringify(settings)};
    const artifacts = createArtifactStore('file:' + folder + '/artifacts', {});
    const activities = createTerraformActivities({
      runCommand: createRunCommand({ artifacts, env }),
      artifacts,
      checkout: async () => worktree,
      env,
      terraformBin: bin,
    });
    await activities.${activity}(${JSON.stringify(input)});`;
  worker = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TMPDIR: at('temp') },
    stdio: 'ignore',
  });
};

const killWorker = async (): Promise<void> => {
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await gone;
};

const exitCode = async (): Promise<string> => {
  await appears('ended');
  return (await readFile(at('ended'), 'utf8')).trim();
};

test('An apply finishes without its worker: the state is complete and its lock is released', async () => {
  await fixture.write(`resource "terraform_data" "a" {
      provisioner "local-exec" {
        command = "touch ${fixture.folder}/began; while [ ! -e ${fixture.folder}/go ]; do sleep 0.1; done"
      }
    }
    resource "terraform_data" "b" {
      input = terraform_data.a.id
    }`);
  startWorker('terraformApply', await fixture.approve((await fixture.plan()).plan));
  await appears('began');
  await killWorker();
  expect(existsSync(at('.web.tfstate.lock.info'))).toBe(true);
  await writeFile(at('go'), '');
  expect(await exitCode()).toBe('0');
  const state = JSON.parse(await readFile(at('web.tfstate'), 'utf8')) as { resources: { name: string }[] };
  expect(state.resources.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(existsSync(at('.web.tfstate.lock.info'))).toBe(false);
  expect((await fixture.plan()).detail).toBe('no changes');
  const left = await readdir(at('temp'));
  expect(left.filter((name) => /quarterdeck-(output|log)/.test(name))).toEqual([]);
});

test('A plan finishes without its worker, and releases the lock', async () => {
  await fixture.write('resource "terraform_data" "a" {}');
  startWorker('terraformPlan', fixture.input());
  await appears('began');
  await killWorker();
  await writeFile(at('go'), '');
  expect(await exitCode()).toBe('0');
});
