import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from './changes.ts';
import { git } from './git.ts';
import { history } from './history.ts';
import type { DemoPaths } from './paths.ts';

const author = { name: 'Ada Byron', email: 'ada@example.com' };

/** Changes a file's text. Throws when the change has no effect. */
const editFile = async (path: string, change: (text: string) => string): Promise<void> => {
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path}: the change does not apply to this file`);
  await writeFile(path, after);
};

/** Commits a change on top of the demo's branch and pushes it. Returns the new commit. */
export const pushChange = async (repository: string, { file, change, message }: Change): Promise<string> => {
  const work = await mkdtemp(join(tmpdir(), 'quarterdeck-demo-'));
  try {
    await git(work, ['clone', '--quiet', '--branch', 'main', repository, '.']);
    await editFile(join(work, file), change);
    await git(work, ['commit', '--quiet', '--all', '--message', message], author);
    await git(work, ['push', '--quiet', 'origin', 'main']);
    return await git(work, ['rev-parse', '--short', 'HEAD']);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/** Copies the files that a commit adds, without the edits of later commits. */
const addFiles = async (index: number, service: string, work: string): Promise<void> => {
  for (const name of history[index]?.adds ?? [])
    await cp(join(service, name), join(work, name), { recursive: true });
  const wasAdded = (file: string) => history[index]?.adds.includes(file.split('/')[0] ?? '');
  for (const later of history.slice(index + 1))
    for (const { file, before, after } of later.edits)
      if (wasAdded(file)) await editFile(join(work, file), (text) => text.replace(after, before));
};

/** Creates the history commit by commit. Calls back when production's commit is checked out. */
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
 * Creates the demo's bare repository from examples/web with a short history. The repository is renamed into
 * place when it is complete.
 */
export const createRepository = async (
  paths: DemoPaths,
  onProduction: (work: string, commit: string) => Promise<void>,
): Promise<void> => {
  const building = `${paths.folder}/.making-${process.pid}`;
  const work = join(building, 'work');
  const bare = join(building, 'web.git');
  await mkdir(work, { recursive: true });
  try {
    await replay(paths.service, work, onProduction);
    await git(building, ['clone', '--quiet', '--bare', '--no-hardlinks', work, bare]);
    await git(bare, ['remote', 'remove', 'origin']);
    await rename(bare, paths.repository);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};
