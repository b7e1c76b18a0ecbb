import { stat } from 'node:fs/promises';

/** False also for what is not there. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;
