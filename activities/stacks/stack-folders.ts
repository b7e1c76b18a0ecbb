import { relative, resolve } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { localModules } from './local-modules.ts';

/** A folder with code that a stack needs. */
export interface StackFolder {
  /** Absolute. */
  readonly path: string;
  /** Seen from the catalog's folder. */
  readonly place: string;
}

const isInside = (folder: string, path: string): boolean => !relative(folder, path).startsWith('..');

/** The stack's own folder, and those of its modules that lie beside it. */
export const stackFolders = async ({
  service,
  source,
  directory,
}: StackTarget): Promise<readonly StackFolder[]> => {
  const catalog = resolve(source, relative(directory, '.'));
  const modules = (await localModules(source)).filter((path) => !isInside(source, path));
  const stranger = modules.find((path) => !isInside(catalog, path));
  if (stranger !== undefined)
    throw activityFailure({
      type: failureTypes.initFailed,
      message: `copying stack ${service}: its module ${relative(source, stranger)} lies outside the catalog's folder`,
      hint: "Move the module into the catalog's folder, or name it by registry or git.",
    });
  return [source, ...modules].map((path) => ({ path, place: relative(catalog, path) }));
};
