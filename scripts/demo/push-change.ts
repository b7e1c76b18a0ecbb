import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from './changes.ts';
import { editFile } from './edit-file.ts';
import { git } from './git.ts';

const author = { name: 'Ada Byron', email: 'ada@example.com' };

/** Commits a change on top of the demo's branch, as a person would; answers with the new commit. */
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
