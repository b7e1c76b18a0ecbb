import { distance } from 'fastest-levenshtein';
import type { Commit } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { isGitRef } from '../catalog/name-patterns.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { cleanLine, truncateEnd } from '../process/output-lines.ts';
import type { Git } from './git.ts';
import type { Mirror } from './mirrors.ts';

const commitName = /^[0-9a-f]{4,40}$/i;
const fullCommit = /^[0-9a-f]{40}$/i;

export const isFullCommit = (ref: string): boolean => fullCommit.test(ref);

/** Refuses what cannot be a ref, before git or a network sees it. */
export const checkRef = (ref: string, service: string): string => {
  if (isGitRef(ref)) return ref;
  throw activityFailure({
    type: failureTypes.noSuchRef,
    message: `finding what to deploy of ${service}: ${JSON.stringify(ref.slice(0, 80))} is not a name of a branch, a tag or a commit`,
    hint: 'Name a branch, a tag or a commit, for example `--ref main`.',
  });
};

/**
 * Where a ref may lead, in order: a branch, a tag, a commit. A commit's whole name leads to that commit
 * alone: who goes back to what was good must not get the tip of a branch that somebody gave this name.
 */
const refCandidates = (ref: string): readonly string[] => {
  if (isFullCommit(ref)) return [ref.toLowerCase()];
  const named = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  return commitName.test(ref) ? [...named, ref.toLowerCase()] : named;
};

/** The names that look most like what was typed, at most three. */
const nearest = (ref: string, names: readonly string[]): readonly string[] => {
  const far = Math.max(3, Math.ceil(ref.length / 2));
  return names
    .map((name) => ({ name, far: name.includes(ref) ? 1 : distance(ref.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.far <= far)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
};

const noSuchRef = (ref: string, service: string, names: readonly string[]) => {
  const close = nearest(ref, names);
  return activityFailure({
    type: failureTypes.noSuchRef,
    message: `finding what to deploy of ${service}: it has no branch, tag or commit ${JSON.stringify(ref)}`,
    hint:
      close.length > 0
        ? `Did you mean ${close.map((name) => `\`${name}\``).join(' or ')}?`
        : 'Push it first, or name another branch, tag or commit.',
  });
};

const longestSubject = 120;

/** The commit that a branch, a tag or a commit's name leads to, in what the mirror holds now. */
export const createResolveRef =
  (git: Git) =>
  async (mirror: Mirror, ref: string, service: string): Promise<Commit> => {
    const operation = `finding what to deploy of ${service}`;
    const ask = (args: readonly string[]) =>
      git([`--git-dir=${mirror.path}`, ...args], { operation, cwd: mirror.path });

    for (const name of refCandidates(ref)) {
      const found = await ask(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]);
      if (/short (object ID|SHA1) .* is ambiguous/i.test(found.stderr))
        throw activityFailure({
          type: failureTypes.noSuchRef,
          message: `${operation}: more than one commit begins with ${ref}`,
          hint: 'Name more of its digits.',
        });
      const sha = found.lines.find((line) => /^[0-9a-f]{40}$/.test(line));
      if (found.exitCode !== 0 || sha === undefined) continue;
      const { lines } = await ask(['show', '--no-patch', '--no-show-signature', '--format=%s%n%an', sha]);
      const [subject = '', author = ''] = lines.map((line) => truncateEnd(cleanLine(line), longestSubject));
      return { sha, subject, author };
    }
    const { lines } = await ask(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads', 'refs/tags']);
    throw noSuchRef(ref, service, lines);
  };
