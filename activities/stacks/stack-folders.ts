import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { activityFailure } from '../process/activity-failure.ts';

/** Whether a path is a folder; false also when it does not exist. */
export const isDirectory = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

/**
 * The local source of a module. Terraform accepts only a literal string here, so a pattern is enough. Skips comment
 * lines: they often contain the former path of a module.
 * @see https://developer.hashicorp.com/terraform/language/modules/sources#local-paths
 */
const localSource = /(?<!^\s*(?:#|\/\/).*)\bsource"?\s*[=:]\s*"(\.\.?\/[^"]*)"/gm;

/** The absolute paths of the local modules that the code in one folder calls. */
const findCalledModules = async (folder: string): Promise<readonly string[]> => {
  const files = (await readdir(folder)).filter((name) => /\.tf(\.json)?$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(localSource)].map(([, source = '']) => resolve(folder, source)),
  );
};

/**
 * The folders of the local modules that the code calls, directly or through other modules. Leaves out a missing
 * folder: Terraform reports it, with the line that calls it.
 */
const findLocalModules = async (folder: string): Promise<readonly string[]> => {
  const found = new Set([folder]);
  // A Set iterates over what is added during the loop, so this also visits the modules of modules.
  for (const visited of found)
    for (const called of await findCalledModules(visited)) if (await isDirectory(called)) found.add(called);
  found.delete(folder);
  return [...found];
};

/** A folder with code that a stack needs. */
export interface StackFolder {
  /** Absolute. */
  readonly path: string;
  /** Relative to the catalog's folder. */
  readonly relativePath: string;
}

const isInside = (folder: string, path: string): boolean => !relative(folder, path).startsWith('..');

/**
 * The folder of a stack, and the folders of its local modules outside that folder.
 * @throws initFailed when a module is outside the catalog's folder; not retried.
 */
export const findStackFolders = async ({
  name,
  source,
  directory,
}: StackTarget): Promise<readonly StackFolder[]> => {
  const catalogFolder = resolve(source, relative(directory, '.'));
  const modules = (await findLocalModules(source)).filter((path) => !isInside(source, path));
  const outside = modules.find((path) => !isInside(catalogFolder, path));
  if (outside !== undefined)
    throw activityFailure({
      type: failureTypes.initFailed,
      message: `copying stack ${name}: its module ${relative(source, outside)} is outside the catalog's folder`,
      hint: "Move the module into the catalog's folder, or use a registry or git address as its source.",
    });
  return [source, ...modules].map((path) => ({ path, relativePath: relative(catalogFolder, path) }));
};
