import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStackFixture } from './testing/stack-fixture.ts';
import { catchFailure } from './testing/terraform-fixture.ts';

let folder: string;
const opened: Awaited<ReturnType<typeof createStackFixture>>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stack-test-'));
});
afterEach(async () => {
  for (const fixture of opened.splice(0)) await fixture.remove();
  await rm(folder, { recursive: true, force: true });
});

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

type Options = Partial<Parameters<typeof createStackFixture>[0]>;

const open = async (options: Options = {}) => {
  const backend = { path: join(folder, 'network.tfstate') };
  const fixture = await createStackFixture({
    code,
    path: process.env.PATH,
    terraform: { backend, variables: { size: '3' } },
    ...options,
  });
  opened.push(fixture);
  return fixture;
};

describe('A stack', () => {
  test('is initialized, planned, applied and destroyed, and its outputs are read', async () => {
    const { run } = await open();
    const { init, plan, apply, outputs } = run();
    const { revision, detail } = await init();
    expect(detail).toBe(`${revision.slice(0, 7)}, state in local`);
    const creation = await plan();
    expect(creation.summary.counts).toMatchObject({ add: 3, destroy: 0 });
    expect(await apply(creation)).toMatchObject({ added: 3, done: 3, total: 3 });
    expect(await outputs()).toEqual([{ name: 'subnets', sensitive: false, value: '3' }]);
    expect((await plan(true)).summary.counts).toMatchObject({ add: 0, destroy: 3 });
  });

  test('may use a local module outside its folder', async () => {
    const called = `
terraform {
  backend "local" {}
}
module "subnet" {
  source = "../../modules/subnet"
  name   = "one"
}
output "subnet" {
  value = module.subnet.name
}
`;
    const subnet = `
variable "name" {
  type = string
}
resource "terraform_data" "subnet" {
  input = var.name
}
output "name" {
  value = terraform_data.subnet.output
}
`;
    const backend = { path: join(folder, 'module.tfstate') };
    const { source, run } = await open({ code: called, terraform: { backend } });
    const modules = resolve(source, '../../modules/subnet');
    await mkdir(modules, { recursive: true });
    await writeFile(join(modules, 'main.tf'), subnet);
    const { init, plan, apply, outputs } = run();
    await init();
    await rm(modules, { recursive: true });
    expect(await apply(await plan())).toMatchObject({ added: 1 });
    expect(await outputs()).toEqual([{ name: 'subnet', sensitive: false, value: 'one' }]);
  });

  test('without its credentials is refused before any command runs, and the error names all of them', async () => {
    const requires = ['QD_TEST_KEY', 'QD_TEST_SECRET', 'PATH'];
    const { run } = await open({ requires });
    expect(await catchFailure(run().init())).toMatchObject({
      type: 'MissingCredentials',
      retryable: false,
      message:
        'initializing stack network: QD_TEST_KEY and QD_TEST_SECRET are not set on this worker; nothing was run',
    });
  });

  test('passes the required credentials to Terraform, even those of Quarterdeck, and redacts them', async () => {
    const requires = ['TEMPORAL_CLOUD_API_KEY'];
    const secret = 'tc-0123456789-secret';
    const { fixture, source, run } = await open({ env: { TEMPORAL_CLOUD_API_KEY: secret }, requires });
    await writeFile(
      join(source, 'seen.tf'),
      `resource "terraform_data" "seen" {\n  provisioner "local-exec" {\n    command = "echo $TEMPORAL_CLOUD_API_KEY | tee ${folder}/seen; exit 3"\n  }\n}\n`,
    );
    const { plan, apply } = run();
    const { message, details } = await catchFailure(apply(await plan()));
    expect(await readFile(join(folder, 'seen'), 'utf8')).toBe(`${secret}\n`);
    const shown = message + details.tail.join() + (await fixture.read(details.log));
    expect(shown).not.toContain(secret);
  });

  test('leaves its own folder unchanged', async () => {
    const { source, run } = await open();
    await run().plan();
    await expect(readFile(join(source, '.terraform.lock.hcl'))).rejects.toThrow();
    await expect(readFile(join(source, '.terraform', 'terraform.tfstate'))).rejects.toThrow();
  });

  test('with invalid code fails with the file and the line', async () => {
    const { source, run } = await open();
    await writeFile(join(source, 'broken.tf'), 'resource "terraform_data" {\n');
    const { type, retryable, message, details } = await catchFailure(run().init());
    expect({ type, retryable }).toEqual({ type: 'InitFailed', retryable: false });
    expect(message).toContain('initializing stack network: terraform init failed');
    expect(details.tail.join('\n')).toContain('broken.tf line 1');
  });

  test('whose registry is unreachable causes a retryable failure, and the hint says so', async () => {
    const { source, run } = await open({ env: { HTTPS_PROXY: 'http://127.0.0.1:9' } });
    await writeFile(
      join(source, 'provider.tf'),
      'terraform {\n  required_providers {\n    cloud = { source = "registry.example.invalid/acme/cloud" }\n  }\n}\n',
    );
    const { type, retryable, details } = await catchFailure(run().init());
    expect({ type, retryable }).toEqual({ type: 'InitFailed', retryable: true });
    expect(details.hint).toContain('can reach the provider registry');
  });
});
