import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { FixableError } from './reporter.mjs';
import { runProgram } from './run-program.mjs';

const getPaths = (root) => ({
  lock: join(root, 'package-lock.json'),
  stamp: join(root, 'node_modules', '.quarterdeck-stamp'),
  installed: join(root, 'node_modules', '.package-lock.json'),
  node: join(root, 'node_modules', '.bin', 'node'),
});

/** What an install is for: the lock file, and the machine, because the packages carry native code. */
const getStamp = (root) =>
  `${createHash('sha256')
    .update(readFileSync(getPaths(root).lock))
    .digest('hex')} ${process.platform}-${process.arch}`;

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** npm writes this list last, so after an interrupted install it is missing or old. */
const matchesLock = (root) => {
  const { lock, installed } = getPaths(root);
  if (!existsSync(installed)) return false;
  const has = JSON.parse(read(installed)).packages;
  return Object.entries(JSON.parse(read(lock)).packages).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    if (!has[path]) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return has[path].version === entry.version;
  });
};

const getRequiredNode = (root) => JSON.parse(read(join(root, 'package.json'))).dependencies.node;

/** The version of node_modules/.bin/node. Checked each time, because every program here runs on it. */
const getInstalledNode = (root) => {
  const { node } = getPaths(root);
  return existsSync(node)
    ? String(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '').trim()
    : 'none';
};

const hasRequiredNode = (root) => getInstalledNode(root) === `v${getRequiredNode(root)}`;

const missing = ({ root }) => {
  if (!hasRequiredNode(root)) return true;
  if (read(getPaths(root).stamp) === getStamp(root)) return false;
  if (!matchesLock(root)) return true;
  writeFileSync(getPaths(root).stamp, getStamp(root)); // someone ran npm by hand, with the same result
  return false;
};

/** npm must not run on the Node.js that it is about to delete. */
const outsideNodeModules = (env) => {
  const folders = (env.PATH ?? '').split(delimiter);
  return {
    ...env,
    PATH: folders.filter((folder) => !folder.endsWith(`node_modules${sep}.bin`)).join(delimiter),
  };
};

const checkNode = (root) => {
  const version = getInstalledNode(root);
  if (version === `v${getRequiredNode(root)}`) return;
  throw new FixableError(
    `packages: node_modules/.bin/node must be Node.js v${getRequiredNode(root)} and is ${version}. ` +
      'The package "node" has not run its install script (ignore-scripts), so nothing can start.',
    'npm rebuild node --ignore-scripts=false',
  );
};

const bring = async ({ root, env, reporter }) => {
  const log = join(root, '.quarterdeck', 'logs', 'npm-ci.log');
  await reporter.step('packages', 'npm ci (1 to 2 minutes the first time)', async () => {
    rmSync(getPaths(root).stamp, { force: true });
    const result = await runProgram('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: outsideNodeModules(env),
      log,
    });
    if (!result.ok)
      throw new FixableError(
        `packages: npm ci failed (exit code ${result.code}, ${log}):\n${result.tail}`,
        'npm ci',
      );
    checkNode(root);
    writeFileSync(getPaths(root).stamp, getStamp(root));
  });
};

export const packagesStep = { name: 'packages', missing, bring };
