// `npm ci --omit=dev` runs this as its postinstall script, and `npm run prune:production` runs it by hand.
// It removes from node_modules what no process reads at run time: more than 300 MB of 690 MB.
// Plain JavaScript without dependencies. A development install keeps everything.
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const processors = { x64: 'x86_64', arm64: 'aarch64' };
const systems = { darwin: 'apple-darwin', linux: 'unknown-linux-gnu', win32: 'pc-windows-msvc' };
const coreBridge = '@temporalio/core-bridge';

/** The native modules of Temporal's SDK for other machines, and the Rust sources that they are built from. */
const findForeignReleases = (modules, { platform, arch }) => {
  const releases = join(modules, coreBridge, 'releases');
  const own = `${processors[arch]}-${systems[platform]}`;
  if (!existsSync(join(releases, own))) return []; // this machine builds from source
  const foreign = readdirSync(releases).filter((name) => name !== own);
  const sources = ['sdk-core', 'src', 'bridge-macros'];
  return [
    ...foreign.map((name) => join(releases, name)),
    ...sources.map((name) => join(modules, coreBridge, name)),
  ];
};

/** The package "node" copies its program to node/bin and keeps the original, with its C headers. */
const findDuplicateNode = (modules) =>
  existsSync(join(modules, 'node', 'bin', 'node')) ? [join(modules, 'node', 'node_modules')] : [];

/** Source maps and type declarations of packages. */
const findMaps = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return findMaps(path);
    return entry.isFile() && /\.(map|d\.[cm]?ts)$/.test(entry.name) ? [path] : [];
  });

/**
 * What can be removed from a node_modules folder on a machine; paths that do not exist are left out.
 * @param {string} modules
 * @param {{ platform: string, arch: string }} machine
 */
export const findRemovable = (modules, machine = process) => {
  const folders = [...findForeignReleases(modules, machine), ...findDuplicateNode(modules)];
  return [...folders.filter((path) => existsSync(path)), ...findMaps(modules)];
};

const getBytes = (path) => {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (!info?.isDirectory()) return info?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + getBytes(join(path, name)), 0);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const omitsDev = (process.env.npm_config_omit ?? '').split(/\s+/).includes('dev');
  const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
  if ((omitsDev || process.argv.includes('--production')) && existsSync(modules)) {
    const removable = findRemovable(modules);
    const bytes = removable.reduce((sum, path) => sum + getBytes(path), 0);
    for (const path of removable) rmSync(path, { recursive: true, force: true });
    console.log(`prune: removed ${Math.round(bytes / 1e6)} MB that production does not read`);
  }
}
