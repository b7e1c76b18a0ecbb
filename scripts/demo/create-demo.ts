import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { createDemoCatalog, type DemoBuilder } from './catalog.ts';
import { type DemoPaths, getDemoPaths } from './paths.ts';
import { createRepository } from './repository.ts';
import { applyProduction } from './state.ts';

const succeeds = async (file: string, args: readonly string[]): Promise<boolean> =>
  !(await execa(file, args, { reject: false, timeout: 5000, stdio: 'ignore' })).failed;

/** Without Docker and buildah the demo deploys without an image. */
export const findBuilder = async (): Promise<DemoBuilder> => {
  const found = await Promise.all([
    succeeds('docker', ['version', '--format', '{{.Server.Version}}']),
    succeeds('buildah', ['--version']),
  ]);
  return found.includes(true) ? 'auto' : 'none';
};

/** Writes the catalog at every start, because Docker may have been started or stopped. Keeps an edited catalog. */
const writeCatalog = async (path: string): Promise<void> => {
  const wanted = createDemoCatalog(await findBuilder());
  const present = existsSync(path) ? await readFile(path, 'utf8') : null;
  const isUnedited =
    present === null || present === createDemoCatalog('auto') || present === createDemoCatalog('none');
  if (!isUnedited || present === wanted) return;
  await writeFile(`${path}.next`, wanted);
  await rename(`${path}.next`, path);
};

/** Copies the missing stacks. Keeps existing ones, which may be edited. */
const copyStacks = async ({ stacks, shippedStacks }: DemoPaths): Promise<void> => {
  for (const name of await readdir(shippedStacks))
    if (!existsSync(join(stacks, name)))
      await cp(join(shippedStacks, name), join(stacks, name), { recursive: true });
};

/** Creates what is missing of the demo: a repository with a history, production's state, stacks and a catalog. */
export const createDemo = async (
  terraform: string,
  paths: DemoPaths = getDemoPaths(),
): Promise<DemoPaths> => {
  await mkdir(paths.folder, { recursive: true });
  if (!existsSync(paths.repository))
    await createRepository(paths, (work, commit) => applyProduction(paths, terraform, work, commit));
  await copyStacks(paths);
  await writeCatalog(paths.catalog);
  return paths;
};
