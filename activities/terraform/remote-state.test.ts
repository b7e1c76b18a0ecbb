import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Moto, startMoto } from '../../test/moto.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { findProviderMirror, mirrorSettings } from '../../test/provider-mirror.ts';
import { createBucketClient } from '../artifacts/bucket-store.ts';
import { createStackFixture } from './testing/stack-fixture.ts';
import { catchFailure } from './testing/terraform-fixture.ts';

let moto: Moto;
let postgres: TestPostgres;
const opened: Awaited<ReturnType<typeof createStackFixture>>[] = [];

beforeAll(async () => {
  [moto, postgres] = await Promise.all([startMoto(), startPostgres()]);
  await createBucketClient(moto.env).send(new CreateBucketCommand({ Bucket: 'states' }));
}, 300_000);
afterEach(async () => {
  for (const fixture of opened.splice(0)) await fixture.remove();
});
afterAll(() => Promise.all([moto.stop(), postgres.stop()]));

type Options = Omit<Parameters<typeof createStackFixture>[0], 'path'>;
const open = async (options: Options) => {
  const fixture = await createStackFixture({ ...options, path: process.env.PATH });
  opened.push(fixture);
  return fixture;
};

const keysIn = async (): Promise<readonly (string | undefined)[]> => {
  const { Contents = [] } = await createBucketClient(moto.env).send(
    new ListObjectsV2Command({ Bucket: 'states' }),
  );
  return Contents.map(({ Key }) => Key);
};

/** The catalog's backend settings for an emulated AWS: every value is text. */
const inBucket = (key: string) => ({
  bucket: 'states',
  key,
  region: 'us-east-1',
  use_lockfile: 'true',
  use_path_style: 'true',
  skip_credentials_validation: 'true',
  skip_requesting_account_id: 'true',
  skip_metadata_api_check: 'true',
});

/** A stack whose apply holds the state lock until the file `go` exists. */
const holding = (backend: string) => `
terraform {
  backend "${backend}" {}
}
variable "folder" {}
variable "size" {
  default = 1
}
resource "terraform_data" "slow" {
  input = var.size
  provisioner "local-exec" {
    command = "touch '\${var.folder}/held'; until [ -e '\${var.folder}/go' ]; do sleep 0.1; done"
  }
}
output "size" {
  value = terraform_data.slow.output
}
`;

/** The second run plans while the first applies, and once more afterwards. */
const provisionTwice = async (options: Options) => {
  const { source, run, fixture } = await open(options);
  const first = run('provision-network-first');
  const second = run('provision-network-second');
  await writeFile(join(source, 'place.auto.tfvars'), `folder = ${JSON.stringify(fixture.folder)}\n`);
  const applying = first.apply(await first.plan());
  await vi.waitFor(() => readFile(join(fixture.folder, 'held')), { timeout: 30_000 });
  const refused = await catchFailure(second.plan());
  await writeFile(join(fixture.folder, 'go'), '');
  const applied = await applying;
  const after = await second.plan();
  return { refused, applied, after, outputs: await second.outputs() };
};

describe('A state in S3', () => {
  test('is locked by an object next to it, and another run learns who holds the lock', async () => {
    const { refused, applied, after, outputs } = await provisionTwice({
      code: holding('s3'),
      env: moto.env,
      terraform: { backend: inBucket('network.tfstate') },
    });
    expect(refused).toMatchObject({ type: 'StateLocked', retryable: true });
    expect(refused.message).toMatch(
      new RegExp(
        `planning stack network: the state is locked by \\w+@${hostname()} since .* UTC \\(apply\\)`,
      ),
    );
    expect(refused.details.hint).toMatch(/terraform force-unlock [0-9a-f-]{36}/);
    expect(applied).toMatchObject({ added: 1 });
    expect(after.summary.hasChanges).toBe(false);
    expect(outputs).toEqual([{ name: 'size', sensitive: false, value: '1' }]);
    // The holder deleted the lock.
    expect(await keysIn()).toEqual(['network.tfstate']);
  });

  test('in a missing bucket fails with its name and without a retry', async () => {
    const { run } = await open({
      code: holding('s3'),
      env: moto.env,
      terraform: { backend: { ...inBucket('x.tfstate'), bucket: 'nowhere' } },
    });
    const refused = await catchFailure(run().init());
    expect(refused).toMatchObject({ type: 'InitFailed', retryable: false });
    expect(refused.details.tail.join('\n')).toContain('nowhere');
  });
});

describe('A state in PostgreSQL', () => {
  const password = 'hunter2-top-secret';
  const address = () => postgres.url.replace('postgres@', `postgres:${password}@`);

  /** A Terraform that records its arguments. */
  const createRecordingTerraform = async (folder: string): Promise<string> => {
    const program = join(folder, 'recording-terraform');
    const script = `#!/bin/sh\necho "$@" >> '${folder}/arguments'\nexec terraform "$@"\n`;
    await writeFile(program, script, { mode: 0o755 });
    return program;
  };

  test('is locked too, and its password stays in the environment', async () => {
    const { folder } = await open({ code: '' });
    const { refused, applied, after } = await provisionTwice({
      code: holding('pg'),
      env: { PG_CONN_STR: `${address()}?sslmode=disable` },
      terraform: { backend: { schema_name: 'network' } },
      overrides: { terraformBin: await createRecordingTerraform(folder) },
    });
    // This backend records who requests the lock, not who holds it, so no holder is named.
    expect(refused).toMatchObject({
      type: 'StateLocked',
      retryable: true,
      message: 'planning stack network: the state is locked by another Terraform process',
    });
    expect(applied).toMatchObject({ added: 1 });
    expect(after.summary.hasChanges).toBe(false);

    const called = await readFile(join(folder, 'arguments'), 'utf8');
    expect(called).toMatch(/^init .*\nplan -json/);
    const artifacts = join(opened[1]?.fixture.folder ?? '', 'artifacts');
    const kept = await readdir(artifacts, { recursive: true, withFileTypes: true });
    const files = kept
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(files.length).toBeGreaterThan(3);
    for (const text of [called, ...(await Promise.all(files.map((file) => readFile(file, 'latin1'))))])
      expect(text).not.toContain(password);
  });

  test('that does not respond causes a retryable failure without its password', async () => {
    const away = `postgres://postgres:${password}@127.0.0.1:9/postgres?sslmode=disable`;
    const { run, fixture } = await open({ code: holding('pg'), env: { PG_CONN_STR: away } });
    const refused = await catchFailure(run().init());
    expect(refused).toMatchObject({ type: 'InitFailed', retryable: true });
    expect(refused.message).toContain('connection refused');
    expect(JSON.stringify(refused) + (await fixture.read(refused.details.log))).not.toContain(password);
  });
});

const aws = await findProviderMirror('registry.terraform.io/hashicorp/aws');

describe('The stack `bucket` on an emulated AWS', () => {
  const openBucket = async (settings: string) => {
    const { folder } = await open({ code: '' });
    const config = join(folder, 'terraformrc');
    await writeFile(config, settings);
    const { run } = await open({
      code: { folder: fileURLToPath(new URL('../../terraform/stacks/bucket', import.meta.url)) },
      env: { ...moto.env, TF_CLI_CONFIG_FILE: config },
      terraform: {
        backend: inBucket('bucket.tfstate'),
        variables: { name: 'my-files', emulated: 'true' },
      },
      requires: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    });
    return run();
  };

  test.runIf(aws !== null)(
    'is applied, has no changes afterwards, and is destroyed',
    {
      timeout: 180_000,
    },
    async () => {
      const { plan, apply, outputs } = await openBucket(mirrorSettings(aws ?? ''));
      expect(await apply(await plan())).toMatchObject({ added: 3 });
      expect(await outputs()).toEqual([
        { name: 'bucket', sensitive: false, value: 'my-files' },
        { name: 'parameter', sensitive: false, value: '/quarterdeck/my-files/bucket' },
      ]);
      expect((await plan()).summary.hasChanges).toBe(false);
      expect(await apply(await plan(true), true)).toMatchObject({ destroyed: 3 });
    },
  );

  test('without its provider causes a retryable failure', async () => {
    const refused = await catchFailure(
      (
        await openBucket(
          'provider_installation {\n  network_mirror {\n    url = "https://127.0.0.1:9/"\n  }\n}\n',
        )
      ).init(),
    );
    expect(refused).toMatchObject({ type: 'InitFailed', retryable: true });
  });
});
