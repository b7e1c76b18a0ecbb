import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { sampleStack } from '../../workflows/testing/samples.ts';
import { createStackCopies } from './stack-copies.ts';

let folder: string;
let source: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stacks-'));
  source = join(folder, 'terraform/stacks/network');
  await mkdir(join(source, 'modules'), { recursive: true });
  await writeFile(join(source, 'main.tf'), '# one\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const target = () => ({ ...sampleStack('network'), source });
const copies = (worker = 'worker') => createStackCopies({ dataDir: join(folder, worker) });

describe('the copy of a stack', () => {
  test('keeps the files that were planned when the stack is edited afterwards', async () => {
    const commit = await copies().snapshot(target());
    expect(commit).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(source, 'main.tf'), '# two\n');
    const path = await copies().restore(target(), commit);
    expect(await readFile(join(path, 'main.tf'), 'utf8')).toBe('# one\n');
  });

  test('is named by its files alone: not by time, state or what Terraform keeps beside them', async () => {
    const commit = await copies().snapshot(target());
    await mkdir(join(source, '.terraform'));
    await writeFile(join(source, '.terraform', 'big'), 'x');
    await writeFile(join(source, 'terraform.tfstate'), '{}');
    await utimes(join(source, 'main.tf'), new Date(0), new Date(0));
    expect(await copies().snapshot(target())).toBe(commit);
    await writeFile(join(source, 'modules', 'more.tf'), '');
    expect(await copies().snapshot(target())).not.toBe(commit);
  });

  test('is made again on another worker as long as the files are the same', async () => {
    const commit = await copies().snapshot(target());
    const path = await copies('another').restore(target(), commit);
    expect(await readFile(join(path, 'main.tf'), 'utf8')).toBe('# one\n');
  });

  test('on another worker whose files have changed is a stale plan, which is made again', async () => {
    const commit = await copies().snapshot(target());
    await writeFile(join(source, 'main.tf'), '# two\n');
    await expect(copies('another').restore(target(), commit)).rejects.toMatchObject({
      type: failureTypes.stalePlan,
      message: 'looking for the files of stack network: they have changed since they were planned',
    });
  });

  test('holds what a link in the stack points to', async () => {
    await writeFile(join(folder, 'shared.tf'), '# shared\n');
    await symlink(join(folder, 'shared.tf'), join(source, 'shared.tf'));
    const path = await copies().restore(target(), await copies().snapshot(target()));
    await rm(join(folder, 'shared.tf'));
    expect(await readFile(join(path, 'shared.tf'), 'utf8')).toBe('# shared\n');
  });

  describe('with modules beside the stack', () => {
    const module = async (path: string, code: string) => {
      await mkdir(join(folder, path), { recursive: true });
      await writeFile(join(folder, path, 'main.tf'), code);
    };
    const use = (source: string) => `module "one" {\n  source = "${source}"\n}\n`;

    beforeEach(async () => {
      await writeFile(join(source, 'main.tf'), use('../../modules/subnet'));
      await module('terraform/modules/subnet', use('../address//../address'));
      await module('terraform/modules/address', '# one\n');
      await module('terraform/modules/unused', '');
    });

    test('holds them where they lay, also those that they name, and no others', async () => {
      const path = await copies().restore(target(), await copies().snapshot(target()));
      const beside = await readdir(join(path, '../../modules'));
      expect(beside.sort()).toEqual(['address', 'subnet']);
      expect(await readFile(join(path, '../../modules/address/main.tf'), 'utf8')).toBe('# one\n');
    });

    test('has another name when one of them changes', async () => {
      const commit = await copies().snapshot(target());
      await module('terraform/modules/unused', '# two\n');
      expect(await copies().snapshot(target())).toBe(commit);
      await module('terraform/modules/address', '# two\n');
      expect(await copies().snapshot(target())).not.toBe(commit);
    });

    test('knows them in JSON too, and leaves one that is missing to Terraform', async () => {
      const json = { module: { one: { source: '../../modules/address' }, two: { source: '../gone' } } };
      await writeFile(join(source, 'main.tf'), '');
      await writeFile(join(source, 'more.tf.json'), JSON.stringify(json));
      const path = await copies().restore(target(), await copies().snapshot(target()));
      expect(await readdir(join(path, '../../modules'))).toEqual(['address']);
    });

    test("outside the catalog's folder is refused, and the module named, unless that is a comment", async () => {
      const stranger = await mkdtemp(join(tmpdir(), 'quarterdeck-stranger-'));
      const named = relative(source, stranger);
      await writeFile(join(source, 'main.tf'), use(named));
      await expect(copies().snapshot(target())).rejects.toMatchObject({
        type: failureTypes.initFailed,
        nonRetryable: true,
        message: `copying stack network: its module ${named} lies outside the catalog's folder`,
      });
      await writeFile(join(source, 'main.tf'), `# source = "${named}"\n  // source = "${named}"\n`);
      await expect(copies().snapshot(target())).resolves.toMatch(/^[0-9a-f]{64}$/);
      await rm(stranger, { recursive: true });
    });
  });

  test('of a folder that is not there is refused, and the folder named', async () => {
    await rm(source, { recursive: true });
    await expect(copies().snapshot(target())).rejects.toMatchObject({
      type: failureTypes.initFailed,
      nonRetryable: true,
      message: 'copying stack network: this worker has no folder terraform/stacks/network beside its catalog',
    });
  });
});
