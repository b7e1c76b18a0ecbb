import { createHash } from 'node:crypto';

const keyPart = /^[A-Za-z0-9_][A-Za-z0-9_.@=+%-]{0,199}$/;

/** Returns the key, or throws if it could name a file outside of the store. */
export const checkArtifactKey = (key: string): string => {
  const parts = key.split('/');
  if (key.length > 900 || !parts.every((piece) => keyPart.test(piece)))
    throw new Error(`checking an artifact key: ${JSON.stringify(key.slice(0, 100))} is not a valid key`);
  return key;
};

/** A folder name for any workflow id, including one typed in a terminal. Quarterdeck's ids stay unchanged. */
export const toFolderName = (id: string): string => {
  if (keyPart.test(id) && !id.includes('%') && id.length <= 120) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return `${id.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60) || 'id'}-${digest}`.replace(/^-+/, '_');
};

/** The key of a run's file: `<workflow id>/<name>`. Throws if the name is not valid in a key. */
export const artifactKey = (workflowId: string, name: string): string =>
  checkArtifactKey(`${toFolderName(workflowId)}/${name}`);
