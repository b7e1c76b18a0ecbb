import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { GitResult } from './git.ts';

type Kind = readonly [pattern: RegExp, what: string, hint: string, retryable: boolean];

/** In this order: ssh says "could not read from remote repository" after every kind of trouble. */
const kinds: readonly Kind[] = [
  [
    /no space left on device|disk quota exceeded/i,
    'no space is left on the disk of the worker',
    'Free some space; it is tried again by itself.',
    true,
  ],
  [
    /could not resolve host|name or service not known|temporary failure in name resolution|connection (refused|timed out|reset|closed)|network is unreachable|no route to host|failed to connect|couldn't connect|operation timed out|operation too slow|early eof|rpc failed|remote end hung up|unexpected disconnect|ssl_error_syscall|kex_exchange_identification|error: 5\d\d/i,
    'it cannot be reached',
    'Check the network between the worker and the repository; it is tried again by itself.',
    true,
  ],
  [
    /authentication failed|could not read (username|password)|terminal prompts disabled|permission denied|access denied|host key verification failed|error: 40[13]|http basic: access denied|invalid username or (token|password)/i,
    'the worker is not let in',
    'Give the worker an ssh key that may read it, a git credential helper or GITHUB_TOKEN; for ssh, put the host into known_hosts.',
    false,
  ],
  [
    /dubious ownership/i,
    'it belongs to another user of this machine',
    "Run `git config --global --add safe.directory <path>` as the worker's user.",
    false,
  ],
  [
    /does not appear to be a git repository|repository .*not found|not found|does not exist|no such (file|device)|error: 404|not a git repository/i,
    'it is not there',
    'Check `repo` in the catalog, and whether the worker may see the repository.',
    false,
  ],
];

/** Why git could not read a repository, as people understand it. */
export const repositoryFailure = (
  operation: string,
  { tail, stderr }: Pick<GitResult, 'tail' | 'stderr'>,
): ApplicationFailure => {
  const kind = kinds.find(([pattern]) => pattern.test(stderr));
  const last =
    tail.findLast((line) => /^(fatal|error|ssh|remote):/.test(line)) ?? tail.at(-1) ?? 'git printed nothing';
  const [, what, hint, retryable] = kind ?? [
    null,
    last,
    'Run `git ls-remote` on the worker to see more.',
    true,
  ];
  const full = kind === kinds[0];
  return activityFailure({
    type: full ? failureTypes.storageFailed : failureTypes.repositoryUnavailable,
    message: `${operation}: ${what}`,
    hint,
    retryable,
    tail,
  });
};

/** A mirror that a crash left half-written. It holds nothing that cannot be fetched again. */
export const isBrokenMirror = ({ stderr }: Pick<GitResult, 'stderr'>): boolean =>
  /\.lock': File exists|object file .* is empty|loose object .* is corrupt|bad object|inflate: data stream error|packfile .* (is far too short|cannot be accessed|does not match)|fatal: not a git repository|bad config|unable to (parse|read) (sha1|tree)|missing (blob|tree|commit)|did not send all necessary objects/i.test(
    stderr,
  );
