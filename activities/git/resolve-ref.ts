import type { Commit } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { cleanLine, shorten } from '../process/clean-line.ts';
import type { Git } from './git.ts';
import type { Mirror } from './mirrors.ts';
import { candidates, noSuchRef } from './ref.ts';

const longestSubject = 120;

/** The commit that a branch, a tag or a commit's name leads to, in what the mirror holds now. */
export const createResolveRef =
  (git: Git) =>
  async (mirror: Mirror, ref: string, service: string): Promise<Commit> => {
    const doing = `finding what to deploy of ${service}`;
    const ask = (args: readonly string[]) =>
      git([`--git-dir=${mirror.path}`, ...args], { doing, cwd: mirror.path });

    for (const name of candidates(ref)) {
      const found = await ask(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]);
      if (/short (object ID|SHA1) .* is ambiguous/i.test(found.said))
        throw activityFailure({
          type: failureTypes.noSuchRef,
          message: `${doing}: more than one commit begins with ${ref}`,
          hint: 'Name more of its digits.',
        });
      const sha = found.lines.find((line) => /^[0-9a-f]{40}$/.test(line));
      if (found.exitCode !== 0 || sha === undefined) continue;
      const { lines } = await ask(['show', '--no-patch', '--no-show-signature', '--format=%s%n%an', sha]);
      const [subject = '', author = ''] = lines.map((line) => shorten(cleanLine(line), longestSubject));
      return { sha, subject, author };
    }
    const { lines } = await ask(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads', 'refs/tags']);
    throw noSuchRef(ref, service, lines);
  };
