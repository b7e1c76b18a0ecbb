import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBuilder } from './builder.ts';
import { demoCatalog } from './catalog.ts';
import { type DemoPaths, getDemoPaths } from './paths.ts';
import { createRepository } from './repository.ts';
import { applyProduction } from './state.ts';

/** Writes the catalog, again at every start because Docker comes and goes, but never over somebody's edit. */
const writeCatalog = async (path: string): Promise<void> => {
  const wanted = demoCatalog(await findBuilder());
  const present = existsSync(path) ? await readFile(path, 'utf8') : null;
  const ours = present === null || present === demoCatalog('auto') || present === demoCatalog('none');
  if (!ours || present === wanted) return;
  await writeFile(`${path}.next`, wanted);
  await rename(`${path}.next`, path);
};

/** What is there is left alone: somebody may have edited it to see what happens. */
const copyStacks = async ({ stacks, shippedStacks }: DemoPaths): Promise<void> => {
  for (const name of await readdir(shippedStacks))
    if (!existsSync(join(stacks, name)))
      await cp(join(shippedStacks, name), join(stacks, name), { recursive: true });
};

/** Makes what is missing of the demo: a repository with a past, production's state, stacks and a catalog. */
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
