import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isFolder } from './is-folder.ts';

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
export const localModules = async (folder: string): Promise<readonly string[]> => {
  const found = new Set([folder]);
  for (const one of found)
    for (const named of await namedIn(one)) if (await isFolder(named)) found.add(named);
  found.delete(folder);
  return [...found];
};
