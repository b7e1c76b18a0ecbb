import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { sampleStack } from '../../workflows/testing/samples.ts';
import { createStackCopies } from '../stacks/copies.ts';
import { createTerraformInit } from './init-stack.ts';
import { createWorkbench, failureOf } from './testing/workbench.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stack-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const code = `
terraform {
  backend "local" {}
}
variable "size" {
  type    = number
  default = 1
}
resource "terraform_data" "subnet" {
  count = var.size
  input = "subnet-\${count.index}"
}
output "subnets" {
  value = length(terraform_data.subnet)
}
`;

const createBench = async (env: Record<string, string> = {}, stack: Partial<StackTarget> = {}) => {
  const source = join(folder, 'network');
  await mkdir(source, { recursive: true });
  await writeFile(join(source, 'main.tf'), code);
  const copies = createStackCopies({ dataDir: join(folder, 'worker') });
  const target: StackTarget = {
    ...sampleStack('network'),
    source,
    terraform: {
      directory: '.',
      backend: { path: join(folder, 'network.tfstate') },
      variables: { size: '3' },
    },
    ...stack,
  };
  const bench = await createWorkbench(
    { PATH: process.env.PATH ?? '', HOME: folder },
    { env, workspace: ({ commit }) => copies.find(target, commit) },
  );
  const terraformInit = createTerraformInit(bench.deps, copies);
  const input = { workflowId: 'provision-network-test', attempt: 1, target };
  const init = () => bench.inActivity(() => terraformInit(input));
  return { bench, source, target, init, input };
};

describe('a stack', () => {
  test('is initialised, planned, applied, read and destroyed', async () => {
    const { bench, init, input } = await createBench();
    const { commit, detail } = await init();
    expect(detail).toBe(`${commit.slice(0, 7)}, state in local`);

    const { activities, inActivity } = bench;
    const code = { ...input, commit };
    const { plan } = await inActivity(() => activities.terraformPlan(code));
    expect(plan.summary.counts).toMatchObject({ add: 3, destroy: 0 });
    const approved = { ...code, plan, ...(await activities.evaluatePolicy({ ...code, plan })) };
    const { applied } = await inActivity(() => activities.terraformApply(approved));
    expect(applied).toMatchObject({ added: 3, done: 3, total: 3 });
    expect(await inActivity(() => activities.terraformOutput(code))).toEqual({
      outputs: [{ name: 'subnets', sensitive: false, value: '3' }],
    });

    const gone = { ...code, destroy: true };
    const { plan: destruction } = await inActivity(() => activities.terraformPlan(gone));
    expect(destruction.summary.counts).toMatchObject({ add: 0, destroy: 3 });
    await bench.remove();
  });

  test('that lacks credentials is refused before any command runs, and every one is named', async () => {
    const requires = ['QD_TEST_KEY', 'QD_TEST_SECRET', 'PATH'];
    const { bench, init } = await createBench({}, { requires });
    expect(await failureOf(init())).toMatchObject({
      type: 'MissingCredentials',
      retryable: false,
      message:
        'initialising stack network: QD_TEST_KEY and QD_TEST_SECRET are not set on this worker, so nothing was run',
    });
    await bench.remove();
  });

  test('gives Terraform the credentials that it requires, though they are ours, and hides them', async () => {
    const requires = ['TEMPORAL_CLOUD_API_KEY'];
    const secret = 'tc-0123456789-secret';
    const { bench, source, init, input } = await createBench(
      { TEMPORAL_CLOUD_API_KEY: secret },
      { requires },
    );
    await writeFile(
      join(source, 'seen.tf'),
      `resource "terraform_data" "seen" {\n  provisioner "local-exec" {\n    command = "echo $TEMPORAL_CLOUD_API_KEY | tee ${folder}/seen; exit 3"\n  }\n}\n`,
    );
    const { commit } = await init();
    const code = { ...input, commit };
    const { plan } = await bench.inActivity(() => bench.activities.terraformPlan(code));
    const approved = { ...code, plan, ...(await bench.activities.evaluatePolicy({ ...code, plan })) };
    const { message, details } = await failureOf(
      bench.inActivity(() => bench.activities.terraformApply(approved)),
    );
    expect(await readFile(join(folder, 'seen'), 'utf8')).toBe(`${secret}\n`);
    const told = message + details.tail.join() + (await bench.read(details.log));
    expect(told).not.toContain(secret);
    await bench.remove();
  });

  test('leaves its own folder as it was', async () => {
    const { bench, source, init, input } = await createBench();
    const { commit } = await init();
    await bench.inActivity(() => bench.activities.terraformPlan({ ...input, commit }));
    await expect(readFile(join(source, '.terraform.lock.hcl'))).rejects.toThrow();
    await expect(readFile(join(source, '.terraform', 'terraform.tfstate'))).rejects.toThrow();
    await bench.remove();
  });

  test('with invalid code is refused with the file and the line', async () => {
    const { bench, source, init } = await createBench();
    await writeFile(join(source, 'broken.tf'), 'resource "terraform_data" {\n');
    const { type, retryable, message, details } = await failureOf(init());
    expect({ type, retryable }).toEqual({ type: 'InitFailed', retryable: false });
    expect(message).toContain('initialising stack network: terraform init failed');
    expect(details.tail.join('\n')).toContain('broken.tf line 1');
    await bench.remove();
  });

  test('whose registry cannot be reached is tried again, and says so', async () => {
    const { bench, source, init } = await createBench({ HTTPS_PROXY: 'http://127.0.0.1:9' });
    await writeFile(
      join(source, 'provider.tf'),
      'terraform {\n  required_providers {\n    cloud = { source = "registry.example.invalid/acme/cloud" }\n  }\n}\n',
    );
    const { type, retryable, details } = await failureOf(init());
    expect({ type, retryable }).toEqual({ type: 'InitFailed', retryable: true });
    expect(details.hint).toContain("reaches the providers' registry");
    await bench.remove();
  });
});
