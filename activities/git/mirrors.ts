import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceTarget } from '../../workflows/contract/target.ts';
import type { Git, GitResult } from './git.ts';
import { isBrokenMirror, repositoryFailure } from './git-failure.ts';
import { checkRepositoryAddress, mirrorName } from './repository-address.ts';
import { withRepositoryMutex } from './repository-mutex.ts';

type RepositorySource = Pick<ServiceTarget, 'name' | 'repo'>;

/** A bare copy of a repository on this worker's disk. */
export interface Mirror {
  readonly path: string;
  readonly address: string;
  /** Whether this worker has cloned the repository. */
  exists(): Promise<boolean>;
  /** Whether the mirror has the commit; false if it was never cloned. */
  has(commit: string): Promise<boolean>;
  /** Clones or fetches. Requests `commit` by its name if no branch or tag contains it. */
  refresh(commit: string | null, logKey: string | null): Promise<{ cloned: boolean; result: GitResult }>;
}

const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const fetchArguments = ['fetch', '--prune', '--force', '--no-tags', '--update-head-ok', '--progress'];

/**
 * Mirrors under `<dataDir>/repos`: cloned once, then fetched. A corrupt mirror is cloned again.
 * @throws failureTypes.repositoryUnavailable, failureTypes.storageFailed: see git-failure.ts.
 */
export const createMirrors = (dataDir: string, git: Git) => {
  const root = join(dataDir, 'repos');

  return ({ name, repo }: RepositorySource): Mirror => {
    const address = checkRepositoryAddress(repo, name);
    const path = join(root, mirrorName(address));
    const inMirror = (
      dir: string,
      args: readonly string[],
      operation: string,
      logKey: string | null = null,
    ) => git([`--git-dir=${dir}`, ...args], { operation, cwd: root, logKey });

    const exists = async () => (await stat(join(path, 'HEAD')).catch(() => null)) !== null;

    const fetch = (dir: string, what: readonly string[], operation: string, logKey: string | null) =>
      inMirror(dir, [...fetchArguments, 'origin', ...what], operation, logKey);

    const clone = async (logKey: string | null): Promise<GitResult> => {
      const operation = `cloning the repository of ${name}`;
      const temporary = `${path}.making-${randomUUID()}`;
      try {
        for (const args of [
          ['init', '--quiet', '--bare'],
          ['config', 'remote.origin.url', address],
        ]) {
          const created = await inMirror(temporary, args, operation);
          if (created.exitCode !== 0) throw repositoryFailure(operation, created);
        }
        const result = await fetch(temporary, refspecs, operation, logKey);
        if (result.exitCode !== 0) throw repositoryFailure(operation, result);
        await rm(path, { recursive: true, force: true });
        await rename(temporary, path);
        return result;
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    };

    const has = async (commit: string) => {
      if (!(await exists())) return false;
      const found = await inMirror(
        path,
        ['cat-file', '-e', `${commit}^{commit}`],
        `checking for commit ${commit}`,
      );
      return found.exitCode === 0;
    };

    const cloneOrFetch = async (logKey: string | null) => {
      if (!(await exists())) return { cloned: true, result: await clone(logKey) };
      const operation = `fetching the repository of ${name}`;
      const result = await fetch(path, refspecs, operation, logKey);
      if (result.exitCode === 0) return { cloned: false, result };
      if (isBrokenMirror(result)) return { cloned: true, result: await clone(logKey) };
      throw repositoryFailure(operation, result);
    };

    return {
      path,
      address,
      exists,
      has,
      async refresh(commit, logKey) {
        await mkdir(root, { recursive: true });
        return withRepositoryMutex(`${path}.lock`, `fetching the repository of ${name}`, async () => {
          const fetched = await cloneOrFetch(logKey);
          // A server may refuse to send a commit by its name. The caller then reports it as unknown.
          if (commit !== null && !(await has(commit)))
            await fetch(path, [commit], `fetching ${commit} of ${name}`, null);
          return fetched;
        });
      },
    };
  };
};
