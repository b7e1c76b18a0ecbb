import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { editFile } from './edit-file.ts';
import { git } from './git.ts';
import { history } from './history.ts';
import type { DemoPaths } from './paths.ts';

/** Copies what a commit adds, with the lines that a later commit changes still as they were. */
const addFiles = async (index: number, service: string, work: string): Promise<void> => {
  for (const name of history[index]?.adds ?? [])
    await cp(join(service, name), join(work, name), { recursive: true });
  const arrived = (file: string) => history[index]?.adds.includes(file.split('/')[0] ?? '');
  for (const later of history.slice(index + 1))
    for (const { file, before, after } of later.edits)
      if (arrived(file)) await editFile(join(work, file), (text) => text.replace(after, before));
};

/** Makes the work tree commit by commit; calls back when production's commit is checked out. */
const replay = async (
  service: string,
  work: string,
  onProduction: (work: string, commit: string) => Promise<void>,
): Promise<void> => {
  await git(work, ['init', '--quiet', '--initial-branch=main']);
  for (const [index, { message, author, edits, inProduction }] of history.entries()) {
    await addFiles(index, service, work);
    for (const { file, before, after } of edits)
      await editFile(join(work, file), (text) => text.replace(before, after));
    await git(work, ['add', '--all']);
    await git(work, ['commit', '--quiet', '--message', message], author);
    if (inProduction) await onProduction(work, await git(work, ['rev-parse', 'HEAD']));
  }
};

/**
 * Makes the demo's bare repository from examples/web with a small past. It appears whole or not at all;
 * one that is there is left alone, with whatever was pushed to it.
 */
export const createRepository = async (
  paths: DemoPaths,
  onProduction: (work: string, commit: string) => Promise<void>,
): Promise<void> => {
  const making = `${paths.folder}/.making-${process.pid}`;
  const work = join(making, 'work');
  const bare = join(making, 'web.git');
  await mkdir(work, { recursive: true });
  try {
    await replay(paths.service, work, onProduction);
    await git(making, ['clone', '--quiet', '--bare', '--no-hardlinks', work, bare]);
    await git(bare, ['remote', 'remove', 'origin']);
    await rename(bare, paths.repository);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
};
