import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStackFixture } from './testing/stack-fixture.ts';
import { catchFailure } from './testing/terraform-fixture.ts';

const code = (size: number, output = 'one') => `
terraform {
  backend "local" {}
}
resource "terraform_data" "subnet" {
  count = ${size}
  input = "subnet-\${count.index}"
}
output "motto" {
  value = "${output}"
}
`;

let folder: string;
let opened: Awaited<ReturnType<typeof createStackFixture>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-drift-test-'));
  opened = await createStackFixture({
    code: code(2),
    path: process.env.PATH,
    terraform: { backend: { path: join(folder, 'network.tfstate') } },
  });
});
afterEach(async () => {
  await opened.remove();
  await rm(folder, { recursive: true, force: true });
});

const rewrite = (text: string) => writeFile(join(opened.source, 'main.tf'), text);

const provision = async (): Promise<void> => {
  const run = opened.run();
  await run.apply(await run.plan());
};

describe('A drift check', () => {
  test('finds no drift before the first provision and directly after it', async () => {
    expect(await opened.detectDrift()).toEqual({ kind: 'in_sync' });
    await provision();
    expect(await opened.detectDrift()).toEqual({ kind: 'in_sync' });
  });

  test('reports the same drift with the same digest, and another drift with another digest', async () => {
    await provision();
    await rewrite(code(3));
    const first = await opened.detectDrift();
    expect(first).toMatchObject({ kind: 'drifted', summary: { counts: { add: 1, destroy: 0 } } });
    expect(await opened.detectDrift()).toEqual(first);
    await rewrite(code(4));
    const second = await opened.detectDrift();
    expect(second).toMatchObject({ kind: 'drifted', summary: { counts: { add: 2 } } });
    expect(second).not.toMatchObject({ digest: (first as { digest: string }).digest });
    await rewrite(code(2, 'two'));
    expect(await opened.detectDrift()).toMatchObject({ kind: 'drifted', summary: { counts: { add: 0 } } });
    await rewrite(code(2));
    expect(await opened.detectDrift()).toEqual({ kind: 'in_sync' });
  });

  test('reports a resource that is missing from the state', async () => {
    await provision();
    const state = JSON.parse(await readFile(join(folder, 'network.tfstate'), 'utf8'));
    state.resources[0].instances.pop();
    await writeFile(join(folder, 'network.tfstate'), JSON.stringify({ ...state, serial: state.serial + 1 }));
    expect(await opened.detectDrift()).toMatchObject({
      kind: 'drifted',
      summary: { counts: { add: 1, change: 0 } },
    });
  });

  test('neither waits for the state lock nor takes it', async () => {
    const wait = `touch '${folder}/held'; until [ -e '${folder}/go' ]; do sleep 0.1; done`;
    const slow = `resource "terraform_data" "slow" {\n provisioner "local-exec" {\n command = "${wait}"\n }\n}\n`;
    await provision();
    await rewrite(code(2) + slow);
    const run = opened.run();
    const applying = run.apply(await run.plan());
    await vi.waitFor(() => readFile(join(folder, 'held')), { timeout: 30_000 });
    expect(await opened.detectDrift()).toMatchObject({ kind: 'drifted', summary: { counts: { add: 1 } } });
    await writeFile(join(folder, 'go'), '');
    expect(await applying).toMatchObject({ added: 1 });
  });

  test('of invalid code fails with the error of Terraform', async () => {
    await rewrite('resource "terraform_data" {\n');
    expect(await catchFailure(opened.detectDrift())).toMatchObject({
      type: 'InitFailed',
      retryable: false,
      message: expect.stringContaining('drift check of stack network: terraform init failed'),
    });
    await rewrite(`${code(2)}\nresource "terraform_data" "x" {\n  input = terraform_data.missing.id\n}\n`);
    expect(await catchFailure(opened.detectDrift())).toMatchObject({
      type: 'PlanFailed',
      message: expect.stringContaining('Reference to undeclared resource'),
    });
  });
});
