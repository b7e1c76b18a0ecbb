import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { GitResult } from './git.ts';

type Kind = readonly [pattern: RegExp, what: string, hint: string, retryable: boolean];

/** The order matters: ssh prints "could not read from remote repository" after every kind of error. */
const kinds: readonly Kind[] = [
  [
    /no space left on device|disk quota exceeded/i,
    "no space left on the worker's disk",
    'Free disk space on the worker. Quarterdeck retries automatically.',
    true,
  ],
  [
    /could not resolve host|name or service not known|temporary failure in name resolution|connection (refused|timed out|reset|closed)|network is unreachable|no route to host|failed to connect|couldn't connect|operation timed out|operation too slow|early eof|rpc failed|remote end hung up|unexpected disconnect|ssl_error_syscall|kex_exchange_identification|error: 5\d\d/i,
    'the repository cannot be reached',
    'Check the network between the worker and the repository. Quarterdeck retries automatically.',
    true,
  ],
  [
    /authentication failed|could not read (username|password)|terminal prompts disabled|permission denied|access denied|host key verification failed|error: 40[13]|http basic: access denied|invalid username or (token|password)/i,
    'authentication failed',
    'Give the worker an ssh key with read access, a git credential helper or GITHUB_TOKEN. For ssh, add the host to known_hosts.',
    false,
  ],
  [
    /dubious ownership/i,
    'the repository belongs to another user of this machine',
    "Run `git config --global --add safe.directory <path>` as the worker's user.",
    false,
  ],
  [
    /does not appear to be a git repository|repository .*not found|not found|does not exist|no such (file|device)|error: 404|not a git repository/i,
    'repository not found',
    'Check `repo` in the catalog, and that the worker has read access.',
    false,
  ],
];

/**
 * The failure of a git command that reads a repository: failureTypes.storageFailed for a full disk,
 * failureTypes.repositoryUnavailable otherwise. Retried after a full disk, a network error or an unknown one.
 */
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
    'Run `git ls-remote` on the worker for details.',
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

/** Whether the mirror is corrupt, such as after a crash. Everything in it can be fetched again. */
export const isBrokenMirror = ({ stderr }: Pick<GitResult, 'stderr'>): boolean =>
  /\.lock': File exists|object file .* is empty|loose object .* is corrupt|bad object|inflate: data stream error|packfile .* (is far too short|cannot be accessed|does not match)|fatal: not a git repository|bad config|unable to (parse|read) (sha1|tree)|missing (blob|tree|commit)|did not send all necessary objects/i.test(
    stderr,
  );
