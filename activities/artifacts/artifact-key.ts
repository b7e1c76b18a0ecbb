import { createHash } from 'node:crypto';

const part = /^[A-Za-z0-9_][A-Za-z0-9_.@=+%-]{0,199}$/;

/** Refuses a key that could name anything outside the store. */
export const checkArtifactKey = (key: string): string => {
  const parts = key.split('/');
  if (key.length > 900 || !parts.every((piece) => part.test(piece)))
    throw new Error(`naming an artifact: ${JSON.stringify(key.slice(0, 100))} is not a key`);
  return key;
};

/** One folder's name for any workflow id, also for one typed in a terminal. Ids of our own stay as they are. */
export const toFolderName = (id: string): string => {
  if (part.test(id) && !id.includes('%') && id.length <= 120) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return `${id.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60) || 'id'}-${digest}`.replace(/^-+/, '_');
};

/** The key of a run's file. */
export const artifactKey = (workflowId: string, name: string): string =>
  checkArtifactKey(`${toFolderName(workflowId)}/${name}`);
