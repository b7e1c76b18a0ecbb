import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { Mendable } from './report.mjs';
import { run } from './run.mjs';

const places = (root) => ({
  lock: join(root, 'package-lock.json'),
  stamp: join(root, 'node_modules', '.quarterdeck-stamp'),
  installed: join(root, 'node_modules', '.package-lock.json'),
  node: join(root, 'node_modules', '.bin', 'node'),
});

/** What an install is for: the lock file, and the machine, because the packages carry native code. */
const wanted = (root) =>
  `${createHash('sha256')
    .update(readFileSync(places(root).lock))
    .digest('hex')} ${process.platform}-${process.arch}`;

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** npm writes this list last, so an install that was interrupted has none or an old one. */
const matchesLock = (root) => {
  const { lock, installed } = places(root);
  if (!existsSync(installed)) return false;
  const has = JSON.parse(read(installed)).packages;
  return Object.entries(JSON.parse(read(lock)).packages).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    if (!has[path]) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return has[path].version === entry.version;
  });
};

const wantedNode = (root) => JSON.parse(read(join(root, 'package.json'))).dependencies.node;

/** What node_modules/.bin/node says; asked each time, because every program of ours runs on it. */
const installedNode = (root) => {
  const { node } = places(root);
  return existsSync(node)
    ? String(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '').trim()
    : 'none';
};

const looksInstalled = (root) => installedNode(root) === `v${wantedNode(root)}`;

const missing = ({ root }) => {
  if (!looksInstalled(root)) return true;
  if (read(places(root).stamp) === wanted(root)) return false;
  if (!matchesLock(root)) return true;
  writeFileSync(places(root).stamp, wanted(root)); // somebody ran npm by hand, and well
  return false;
};

/** npm must not run on the Node that it is about to delete. */
const outsideNodeModules = (env) => {
  const folders = (env.PATH ?? '').split(delimiter);
  return {
    ...env,
    PATH: folders.filter((folder) => !folder.endsWith(`node_modules${sep}.bin`)).join(delimiter),
  };
};

const checkNode = (root) => {
  const version = installedNode(root);
  if (version === `v${wantedNode(root)}`) return;
  throw new Mendable(
    `packages: node_modules/.bin/node should be Node.js v${wantedNode(root)} and is ${version}. ` +
      'The package "node" brings it by an install script, which npm was told not to run.',
    'npm rebuild node --ignore-scripts=false',
  );
};

const bring = async ({ root, env, report }) => {
  const log = join(root, '.quarterdeck', 'logs', 'npm-ci.log');
  await report.step('packages', 'npm ci (a minute or so the first time)', async () => {
    rmSync(places(root).stamp, { force: true });
    const result = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: outsideNodeModules(env),
      log,
    });
    if (!result.ok)
      throw new Mendable(
        `packages: npm ci failed (exit code ${result.code}, ${log}):\n${result.tail}`,
        'npm ci',
      );
    checkNode(root);
    writeFileSync(places(root).stamp, wanted(root));
  });
};

export const packagesStep = { missing, bring };
