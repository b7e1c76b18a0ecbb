import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { sampleStack } from '../../workflows/testing/samples.ts';
import { createStackCopies } from './copies.ts';

let folder: string;
let source: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stacks-'));
  source = join(folder, 'network');
  await mkdir(join(source, 'modules'), { recursive: true });
  await writeFile(join(source, 'main.tf'), '# one\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const target = () => ({ ...sampleStack('network'), source });
const copies = (worker = 'worker') => createStackCopies({ dataDir: join(folder, worker) });

describe('the copy of a stack', () => {
  test('keeps the files that were planned when the stack is edited afterwards', async () => {
    const commit = await copies().take(target());
    expect(commit).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(source, 'main.tf'), '# two\n');
    const path = await copies().find(target(), commit);
    expect(await readFile(join(path, 'main.tf'), 'utf8')).toBe('# one\n');
  });

  test('is named by its files alone: not by time, state or what Terraform keeps beside them', async () => {
    const commit = await copies().take(target());
    await mkdir(join(source, '.terraform'));
    await writeFile(join(source, '.terraform', 'big'), 'x');
    await writeFile(join(source, 'terraform.tfstate'), '{}');
    await utimes(join(source, 'main.tf'), new Date(0), new Date(0));
    expect(await copies().take(target())).toBe(commit);
    await writeFile(join(source, 'modules', 'more.tf'), '');
    expect(await copies().take(target())).not.toBe(commit);
  });

  test('is made again on another worker as long as the files are the same', async () => {
    const commit = await copies().take(target());
    const path = await copies('another').find(target(), commit);
    expect(await readFile(join(path, 'main.tf'), 'utf8')).toBe('# one\n');
  });

  test('on another worker whose files have changed is a stale plan, which is made again', async () => {
    const commit = await copies().take(target());
    await writeFile(join(source, 'main.tf'), '# two\n');
    await expect(copies('another').find(target(), commit)).rejects.toMatchObject({
      type: failureTypes.stalePlan,
      message: 'looking for the files of stack network: they have changed since they were planned',
    });
  });

  test('holds what a link in the stack points to', async () => {
    await writeFile(join(folder, 'shared.tf'), '# shared\n');
    await symlink(join(folder, 'shared.tf'), join(source, 'shared.tf'));
    const path = await copies().find(target(), await copies().take(target()));
    await rm(join(folder, 'shared.tf'));
    expect(await readFile(join(path, 'shared.tf'), 'utf8')).toBe('# shared\n');
  });

  test('of a folder that is not there is refused, and the folder named', async () => {
    await rm(source, { recursive: true });
    await expect(copies().take(target())).rejects.toMatchObject({
      type: failureTypes.initFailed,
      nonRetryable: true,
      message: 'copying stack network: this worker has no folder terraform/stacks/network beside its catalog',
    });
  });
});
