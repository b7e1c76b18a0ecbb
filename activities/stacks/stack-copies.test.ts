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

describe('A copy of a stack', () => {
  test('keeps the planned files when the stack is edited afterwards', async () => {
    const commit = await copies().snapshot(target());
    expect(commit).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(source, 'main.tf'), '# two\n');
    const path = await copies().restore(target(), commit);
    expect(await readFile(join(path, 'main.tf'), 'utf8')).toBe('# one\n');
  });

  test('is named only by its code: not by times, state or the files that Terraform adds', async () => {
    const commit = await copies().snapshot(target());
    await mkdir(join(source, '.terraform'));
    await writeFile(join(source, '.terraform', 'big'), 'x');
    await writeFile(join(source, 'terraform.tfstate'), '{}');
    await utimes(join(source, 'main.tf'), new Date(0), new Date(0));
    expect(await copies().snapshot(target())).toBe(commit);
    await writeFile(join(source, 'modules', 'more.tf'), '');
    expect(await copies().snapshot(target())).not.toBe(commit);
  });

  test('is made again on another worker while the files are the same', async () => {
    const commit = await copies().snapshot(target());
    const path = await copies('another').restore(target(), commit);
    expect(await readFile(join(path, 'main.tf'), 'utf8')).toBe('# one\n');
  });

  test('cannot be restored on a worker whose files have changed: the plan is stale', async () => {
    const commit = await copies().snapshot(target());
    await writeFile(join(source, 'main.tf'), '# two\n');
    await expect(copies('another').restore(target(), commit)).rejects.toMatchObject({
      type: failureTypes.stalePlan,
      message: 'restoring the files of stack network: they have changed since the plan was made',
    });
  });

  test('contains the files that links in the stack point to', async () => {
    await writeFile(join(folder, 'shared.tf'), '# shared\n');
    await symlink(join(folder, 'shared.tf'), join(source, 'shared.tf'));
    const path = await copies().restore(target(), await copies().snapshot(target()));
    await rm(join(folder, 'shared.tf'));
    expect(await readFile(join(path, 'shared.tf'), 'utf8')).toBe('# shared\n');
  });

  describe('with local modules outside the stack', () => {
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

    test('contains the called modules at the same relative paths, and no others', async () => {
      const path = await copies().restore(target(), await copies().snapshot(target()));
      const siblings = await readdir(join(path, '../../modules'));
      expect(siblings.sort()).toEqual(['address', 'subnet']);
      expect(await readFile(join(path, '../../modules/address/main.tf'), 'utf8')).toBe('# one\n');
    });

    test('has another digest when a called module changes', async () => {
      const commit = await copies().snapshot(target());
      await module('terraform/modules/unused', '# two\n');
      expect(await copies().snapshot(target())).toBe(commit);
      await module('terraform/modules/address', '# two\n');
      expect(await copies().snapshot(target())).not.toBe(commit);
    });

    test('contains modules called in JSON, and leaves a missing module to Terraform', async () => {
      const json = { module: { one: { source: '../../modules/address' }, two: { source: '../gone' } } };
      await writeFile(join(source, 'main.tf'), '');
      await writeFile(join(source, 'more.tf.json'), JSON.stringify(json));
      const path = await copies().restore(target(), await copies().snapshot(target()));
      expect(await readdir(join(path, '../../modules'))).toEqual(['address']);
    });

    test("is refused for a module outside the catalog's folder, unless only a comment names it", async () => {
      const outside = await mkdtemp(join(tmpdir(), 'quarterdeck-outside-'));
      const named = relative(source, outside);
      await writeFile(join(source, 'main.tf'), use(named));
      await expect(copies().snapshot(target())).rejects.toMatchObject({
        type: failureTypes.initFailed,
        nonRetryable: true,
        message: `copying stack network: its module ${named} is outside the catalog's folder`,
      });
      await writeFile(join(source, 'main.tf'), `# source = "${named}"\n  // source = "${named}"\n`);
      await expect(copies().snapshot(target())).resolves.toMatch(/^[0-9a-f]{64}$/);
      await rm(outside, { recursive: true });
    });
  });

  test('is refused for a missing folder, and the error names it', async () => {
    await rm(source, { recursive: true });
    await expect(copies().snapshot(target())).rejects.toMatchObject({
      type: failureTypes.initFailed,
      nonRetryable: true,
      message:
        'copying stack network: this worker has no folder terraform/stacks/network next to its catalog',
    });
  });
});
