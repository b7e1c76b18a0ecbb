import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCatalog } from '../../activities/catalog/parse.ts';
import { demoScenarios } from '../../bot/console/chat/demo-scenarios.ts';
import { createDemoCatalog } from './catalog.ts';
import { changes } from './changes.ts';
import { createDemo } from './create-demo.ts';
import { git } from './git.ts';
import { history } from './history.ts';
import { type DemoPaths, getDemoPaths } from './paths.ts';
import { pushChange } from './repository.ts';

let folder = '';
let demo: DemoPaths;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-demo-test-'));
  demo = await createDemo('terraform', getDemoPaths(join(folder, 'demo')));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const { TF_CLI_CONFIG_FILE: _, ...plainEnv } = process.env;

/** A work tree of the demo's branch, as the worker would have it. */
const checkOut = async (paths: DemoPaths): Promise<string> => {
  const work = await mkdtemp(join(folder, 'work-'));
  await git(work, ['clone', '--quiet', '--branch', 'main', paths.repository, '.']);
  return work;
};

/** What a plan of production does, as `address: actions`. */
const planProduction = async (paths: DemoPaths): Promise<readonly string[]> => {
  const work = await checkOut(paths);
  const cwd = join(work, 'terraform');
  const env = {
    ...plainEnv,
    TF_VAR_environment: 'production',
    TF_VAR_commit: 'abc',
    TF_VAR_image: 'web:abc',
  };
  const options = { cwd, env, extendEnv: false };
  const state = join(paths.state, 'production.tfstate');
  await execa('terraform', ['init', '-input=false', `-backend-config=path=${state}`], options);
  await execa('terraform', ['plan', '-input=false', '-out=plan'], options);
  const { stdout } = await execa('terraform', ['show', '-json', 'plan'], options);
  const plan = JSON.parse(stdout) as {
    resource_changes: readonly { address: string; change: { actions: readonly string[] } }[];
  };
  return plan.resource_changes
    .filter(({ change }) => !change.actions.includes('no-op'))
    .map(({ address, change }) => `${address}: ${change.actions.join(' and ')}`);
};

test('the repository has a short history and ends with the unchanged example', async () => {
  const log = await git(demo.repository, ['log', '--reverse', '--format=%s|%ae', 'main']);
  expect(log.split('\n')).toEqual(history.map(({ message, author }) => `${message}|${author.email}`));
  const work = await checkOut(demo);
  const { exitCode, stdout } = await execa(
    'diff',
    ['--recursive', '--exclude=.git', '--exclude=node_modules', '--exclude=.terraform', demo.service, work],
    { reject: false },
  );
  expect(stdout).toBe('');
  expect(exitCode).toBe(0);
});

test('the repository has the same commits on every machine', async () => {
  const again = await createDemo('terraform', getDemoPaths(join(folder, 'again')));
  const head = (paths: DemoPaths) => git(paths.repository, ['rev-parse', 'main']);
  expect(await head(again)).toBe(await head(demo));
});

test.each(['auto', 'none'] as const)('the catalog is valid with builder %s', (builder) => {
  const catalog = parseCatalog(createDemoCatalog(builder), 'quarterdeck.yaml');
  expect(catalog.services.web?.environments.preview?.approval).toBe('none');
  expect(catalog.services.web?.environments.production?.approval).toMatchObject({ required: 1 });
});

test('every stack of the catalog and of the scenarios exists', async () => {
  const { stacks } = parseCatalog(createDemoCatalog('none'), 'quarterdeck.yaml');
  const folders = await readdir(demo.stacks);
  expect(Object.values(stacks).map(({ directory }) => directory)).toEqual(
    Object.keys(stacks).map((name) => `stacks/${name}`),
  );
  expect(folders).toEqual(expect.arrayContaining(Object.keys(stacks)));
  for (const { command } of demoScenarios)
    if (command !== null) expect(Object.keys(stacks)).toContain(command.replace('provision ', ''));
});

test('the first production plan has a replacement and changes in place', async () => {
  expect(await planProduction(demo)).toEqual([
    'terraform_data.database: delete and create',
    'terraform_data.service: update',
  ]);
});

test('the service installs without a network and its tests pass', async () => {
  const cwd = await checkOut(demo);
  const env = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_cache: join(folder, 'npm-cache') };
  await execa('npm', ['ci'], { cwd, env });
  const { stdout } = await execa('npm', ['test'], { cwd });
  expect(stdout).toMatch(/pass 8/);
});

test('pushed commits and edited files survive the next start', async () => {
  const paths = await createDemo('terraform', getDemoPaths(join(folder, 'kept')));
  const [change] = changes;
  const commit = change && (await pushChange(paths.repository, change));
  const edited = `${await readFile(paths.catalog, 'utf8')}# mine\n`;
  await writeFile(paths.catalog, edited);
  await createDemo('terraform', paths);
  expect(await git(paths.repository, ['rev-parse', '--short', 'main'])).toBe(commit);
  expect(await readFile(paths.catalog, 'utf8')).toBe(edited);
  expect(await readdir(paths.folder)).toEqual(['quarterdeck.yaml', 'stacks', 'state', 'web.git']);
});

test('every change can be pushed, and its plan shows what its description says', async () => {
  const paths = getDemoPaths(join(folder, 'changed'));
  await cp(demo.folder, paths.folder, { recursive: true });
  const byName = Object.fromEntries(changes.map((change) => [change.name, change]));
  const push = (name: string) => pushChange(paths.repository, byName[name] ?? changes[0] ?? fail());
  await push('text');
  await push('replicas');
  await push('upgrade');
  expect(await planProduction(paths)).toContain('terraform_data.database: delete and create');
  await push('destroy');
  await push('unprotect');
  expect(await planProduction(paths)).toContain('terraform_data.cache: delete');
  await push('break');
  const broken = await execa('npm', ['test'], { cwd: await checkOut(paths), reject: false });
  expect(broken.exitCode).toBe(1);
  await push('fix');
  await execa('npm', ['test'], { cwd: await checkOut(paths) });
});

test('a change that was already made is refused', async () => {
  const paths = getDemoPaths(join(folder, 'twice'));
  await cp(demo.folder, paths.folder, { recursive: true });
  const destroy = changes.find(({ name }) => name === 'destroy') ?? fail();
  await pushChange(paths.repository, destroy);
  await expect(pushChange(paths.repository, destroy)).rejects.toThrow(
    'the change does not apply to this file',
  );
});

const fail = (): never => {
  throw new Error('there is no such change');
};
