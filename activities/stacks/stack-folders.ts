import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { activityFailure } from '../process/activity-failure.ts';

/**
 * Terraform takes nothing but a literal as a module's source, so no more of its language need be read.
 * Lines of comment do not count: many a module has its path of another day in one.
 */
const localSource = /(?<!^\s*(?:#|\/\/).*)\bsource"?\s*[=:]\s*"(\.\.?\/[^"]*)"/gm;

const namedIn = async (folder: string): Promise<readonly string[]> => {
  const code = (await readdir(folder)).filter((name) => /\.tf(\.json)?$/.test(name));
  const texts = await Promise.all(code.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(localSource)].map(([, source = '']) => resolve(folder, source)),
  );
};

/**
 * Folders of the modules that the code in a folder names by their path, and of those that they name in turn.
 * One that is missing is left out: Terraform reports it, with the line that names it.
 */
const findLocalModules = async (folder: string): Promise<readonly string[]> => {
  const found = new Set([folder]);
  for (const one of found)
    for (const named of await namedIn(one)) if (await isDirectory(named)) found.add(named);
  found.delete(folder);
  return [...found];
};

/** False also for what is not there. */
export const isDirectory = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

/** A folder with code that a stack needs. */
export interface StackFolder {
  /** Absolute. */
  readonly path: string;
  /** Seen from the catalog's folder. */
  readonly place: string;
}

const isInside = (folder: string, path: string): boolean => !relative(folder, path).startsWith('..');

/** The stack's own folder, and those of its modules that lie beside it. */
export const findStackFolders = async ({
  name,
  source,
  directory,
}: StackTarget): Promise<readonly StackFolder[]> => {
  const catalog = resolve(source, relative(directory, '.'));
  const modules = (await findLocalModules(source)).filter((path) => !isInside(source, path));
  const stranger = modules.find((path) => !isInside(catalog, path));
  if (stranger !== undefined)
    throw activityFailure({
      type: failureTypes.initFailed,
      message: `copying stack ${name}: its module ${relative(source, stranger)} lies outside the catalog's folder`,
      hint: "Move the module into the catalog's folder, or name it by registry or git.",
    });
  return [source, ...modules].map((path) => ({ path, place: relative(catalog, path) }));
};
