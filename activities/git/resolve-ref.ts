import type { Commit } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { closestMatches } from '../catalog/closest-match.ts';
import { isGitRef } from '../catalog/name-patterns.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { cleanLine, truncateEnd } from '../process/output-lines.ts';
import type { Git } from './git.ts';
import type { Mirror } from './mirrors.ts';

const commitName = /^[0-9a-f]{4,40}$/i;
const fullCommit = /^[0-9a-f]{40}$/i;

/** Whether a ref is a full commit: 40 hex digits. */
export const isFullCommit = (ref: string): boolean => fullCommit.test(ref);

/**
 * Returns the ref if it can be the name of a branch, a tag or a commit.
 * @throws failureTypes.noSuchRef (not retried) otherwise, before git or the network is used.
 */
export const checkRef = (ref: string, name: string): string => {
  if (isGitRef(ref)) return ref;
  throw activityFailure({
    type: failureTypes.noSuchRef,
    message: `resolving the ref of ${name}: ${JSON.stringify(ref.slice(0, 80))} is not a valid branch, tag or commit`,
    hint: 'Use a branch, a tag or a commit, for example `--ref main`.',
  });
};

/**
 * The names that a ref may stand for, in order: a branch, a tag, a commit. A full commit stands only for
 * itself, so that a rollback never deploys a branch that has the name of a commit.
 */
const refCandidates = (ref: string): readonly string[] => {
  if (isFullCommit(ref)) return [ref.toLowerCase()];
  const named = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  return commitName.test(ref) ? [...named, ref.toLowerCase()] : named;
};

const noSuchRef = (ref: string, name: string, names: readonly string[]) => {
  const close = closestMatches(ref, names, 3);
  return activityFailure({
    type: failureTypes.noSuchRef,
    message: `resolving the ref of ${name}: no branch, tag or commit ${JSON.stringify(ref)}`,
    hint:
      close.length > 0
        ? `Did you mean ${close.map((one) => `\`${one}\``).join(' or ')}?`
        : 'Push it first, or use another branch, tag or commit.',
  });
};

const maxSubjectLength = 120;

/**
 * Finds the commit of a ref in what the mirror holds now.
 * @throws failureTypes.noSuchRef (not retried) when it does not exist or is ambiguous.
 */
export const createResolveRef =
  (git: Git) =>
  async (mirror: Mirror, ref: string, name: string): Promise<Commit> => {
    const operation = `resolving the ref of ${name}`;
    const run = (args: readonly string[]) =>
      git([`--git-dir=${mirror.path}`, ...args], { operation, cwd: mirror.path });

    for (const candidate of refCandidates(ref)) {
      const found = await run(['rev-parse', '--verify', '--end-of-options', `${candidate}^{commit}`]);
      if (/short (object ID|SHA1) .* is ambiguous/i.test(found.stderr))
        throw activityFailure({
          type: failureTypes.noSuchRef,
          message: `${operation}: ${ref} is ambiguous`,
          hint: 'More than one commit begins with these digits. Use more of them.',
        });
      const sha = found.lines.find((line) => /^[0-9a-f]{40}$/.test(line));
      if (found.exitCode !== 0 || sha === undefined) continue;
      const { lines } = await run(['show', '--no-patch', '--no-show-signature', '--format=%s%n%an', sha]);
      const [subject = '', author = ''] = lines.map((line) => truncateEnd(cleanLine(line), maxSubjectLength));
      return { sha, subject, author };
    }
    const { lines } = await run(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads', 'refs/tags']);
    throw noSuchRef(ref, name, lines);
  };
