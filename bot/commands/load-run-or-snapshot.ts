import { DecryptionError } from '../../encryption/decryption-error.ts';
import type { LiveRun, Runs } from '../runs/types.ts';

interface RunOrSnapshot {
  readonly run: LiveRun | null;
  /** Why the run is not as Temporal holds it now, in words; null when it is. */
  readonly staleReason: string | null;
}

/** What cannot be decrypted is wrapped by whoever tried to read it. */
const decryptionIn = (error: unknown): DecryptionError | null => {
  if (error instanceof DecryptionError) return error;
  return error instanceof Error && error.cause !== undefined ? decryptionIn(error.cause) : null;
};

const inWords = (error: unknown, seen: LiveRun | null): string => {
  const shown = seen === null ? 'It was not seen before.' : 'This is what was seen last.';
  const locked = decryptionIn(error);
  return locked === null
    ? `Temporal, or its worker, does not answer just now. ${shown}`
    : `This run cannot be read: ${locked.message}. ${shown}`;
};

/** A run as Temporal holds it, or else as it was seen last, with the reason. */
export const loadRunOrSnapshot = async (runs: Runs, workflowId: string): Promise<RunOrSnapshot> => {
  try {
    return { run: await runs.get(workflowId), staleReason: null };
  } catch (error) {
    const run = await runs.snapshot(workflowId);
    return { run, staleReason: inWords(error, run) };
  }
};
