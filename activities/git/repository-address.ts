import { createHash } from 'node:crypto';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';

const refused = (message: string, hint: string) =>
  activityFailure({ type: failureTypes.repositoryUnavailable, message, hint });

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
/** `git@host:path`. */
const scpLike = /^([\w.-]+@)?[\w.-]+:(?!\/\/)[^\s:][^\s]*$/;

/**
 * Returns the address if it is an absolute path, file://, https:// or ssh.
 * @throws failureTypes.repositoryUnavailable (not retried) for every other address.
 */
export const checkRepositoryAddress = (address: string, name: string): string => {
  const operation = `reading the repository of ${name}`;
  const kind = scheme.exec(address)?.[1]?.toLowerCase();
  if (kind === undefined) {
    if (address.startsWith('/') || scpLike.test(address)) return address;
  } else if (kind === 'file') return address;
  else if (kind === 'https' || kind === 'ssh') {
    if (!URL.canParse(address))
      throw refused(`${operation}: the address is not a URL`, 'Fix `repo` in the catalog.');
    if (!new URL(address).password) return address;
    throw refused(
      `${operation}: the address contains a password`,
      'Remove it from the catalog. Give the worker an ssh key, a credential helper or GITHUB_TOKEN instead.',
    );
  }
  throw refused(
    `${operation}: unsupported repository URL`,
    'Set `repo` in the catalog to a path, or to a file://, https:// or ssh URL.',
  );
};

/** The folder name of a repository's mirror: readable, and different for every address. */
export const mirrorName = (address: string): string => {
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 16);
  const lastPart =
    address
      .replace(/[/.]+$/, '')
      .split(/[/:]/)
      .at(-1)
      ?.replace(/[.]git$/, '') ?? '';
  const readable = lastPart.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40);
  return readable ? `${readable}-${digest}.git` : `${digest}.git`;
};
