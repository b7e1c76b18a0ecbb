import { readFile, writeFile } from 'node:fs/promises';

/** Changes a file's text; a change that changes nothing is a mistake in the demo, and is said. */
export const editFile = async (path: string, change: (text: string) => string): Promise<void> => {
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`changing ${path}: nothing to change was found`);
  await writeFile(path, after);
};
