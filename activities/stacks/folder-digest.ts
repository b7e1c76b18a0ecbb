import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Files of Terraform and git that are not part of the code. */
const notCode = /^(\.terraform|\.git|terraform\.tfstate.*|.*\.tfplan)$/;

/** Whether a path inside a stack's folder belongs to its code. */
export const isCodePath = (folder: string, path: string): boolean =>
  !relative(folder, path)
    .split(sep)
    .some((name) => notCode.test(name));

/** The sha256 of a file's content, in lowercase hex. Rejects when the file cannot be read. */
export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/**
 * Names the code in a folder: the sha256, in lowercase hex, of the names and contents of its files. Times,
 * permissions, state and plan files do not count.
 */
export const digestFolder = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isCodePath(folder, path))
    .sort();
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${relative(folder, path)}\0${await hashFile(path)}\n`);
  return hash.digest('hex');
};
