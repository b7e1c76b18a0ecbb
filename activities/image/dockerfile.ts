import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';

/** The Dockerfile's real place, which no `..` and no symbolic link may lead out of the repository. */
export const findDockerfile = async (root: string, dockerfile: string, doing: string): Promise<string> => {
  const refuse = (why: string, hint: string) =>
    activityFailure({ type: failureTypes.imageFailed, message: `${doing}: ${why}`, hint });
  const path = await realpath(join(root, dockerfile)).catch(() => null);
  const inside = relative(await realpath(root), path ?? join(root, dockerfile));
  if (isAbsolute(dockerfile) || inside.startsWith('..') || isAbsolute(inside))
    throw refuse(
      `its Dockerfile ${dockerfile} is outside of the repository`,
      'Mend `image.dockerfile` in the catalog, or the link in the repository.',
    );
  if (path === null || !(await stat(path)).isFile())
    throw refuse(`there is no file ${dockerfile} at this commit`, 'Mend `image.dockerfile` in the catalog.');
  return path;
};
