import { createHash } from 'node:crypto';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';

const refused = (message: string, hint: string) =>
  activityFailure({ type: failureTypes.repositoryUnavailable, message, hint });

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
/** `git@host:path`, as git and people write it. */
const scpLike = /^([\w.-]+@)?[\w.-]+:(?!\/\/)[^\s:][^\s]*$/;

/** Lets through the four kinds of address of the catalog: a path, file://, https:// and ssh. */
export const checkRepositoryAddress = (address: string, service: string): string => {
  const operation = `reading the repository of ${service}`;
  const kind = scheme.exec(address)?.[1]?.toLowerCase();
  if (kind === undefined) {
    if (address.startsWith('/') || scpLike.test(address)) return address;
  } else if (kind === 'file') return address;
  else if (kind === 'https' || kind === 'ssh') {
    if (!URL.canParse(address))
      throw refused(`${operation}: its address is not a URL`, 'Mend `repo` in the catalog.');
    if (!new URL(address).password) return address;
    throw refused(
      `${operation}: its address carries a password`,
      'Take it out of the catalog; give the worker an ssh key, a credential helper or GITHUB_TOKEN instead.',
    );
  }
  throw refused(
    `${operation}: its address is of no known kind`,
    'Let `repo` in the catalog be a path, a file:// or https:// address, or an ssh one.',
  );
};

/** A folder's name for a repository: readable, and different for every address. */
export const mirrorName = (address: string): string => {
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 16);
  const name =
    address
      .replace(/[/.]+$/, '')
      .split(/[/:]/)
      .at(-1)
      ?.replace(/[.]git$/, '') ?? '';
  const readable = name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40);
  return readable ? `${readable}-${digest}.git` : `${digest}.git`;
};
