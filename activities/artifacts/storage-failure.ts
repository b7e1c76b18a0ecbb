import { ApplicationFailure } from '@temporalio/common';
import { DecryptionError } from '../../encryption/decryption-error.ts';
import { type FailureDetails, failureTypes } from '../../workflows/contract/failure.ts';

const toDetails = (hint: string): FailureDetails => ({ hint, tail: [], log: null });

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether an error code means that a disk or a quota is full. */
const isFull = (code: unknown): boolean => typeof code === 'string' && fullCodes.has(code);

const getCode = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : null;
};

/** The next step for a person. `setting` names the disk or the bucket. */
const toHint = (error: unknown, full: boolean, setting: string): string => {
  if (error instanceof DecryptionError)
    return 'Give all workers and the bot the same ENCRYPTION_KEYS, including the keys of old files.';
  return full
    ? `Free disk space at ${setting}. Quarterdeck retries automatically.`
    : `Check ${setting}: its location must exist, and the worker must be able to read and write it.`;
};

/**
 * failureTypes.storageFailed for an error that may not happen again, such as a full disk or a network error;
 * Temporal retries it. Returns an ApplicationFailure unchanged. `setting` is the environment variable with
 * the location of the disk or the bucket.
 */
export const storageFailure = (
  operation: string,
  error: unknown,
  setting = 'ARTIFACTS_URL',
): ApplicationFailure => {
  if (error instanceof ApplicationFailure) return error;
  const full = isFull(getCode(error));
  const reason = error instanceof Error && error.message ? error.message : String(error);
  return ApplicationFailure.create({
    type: failureTypes.storageFailed,
    message: full ? `${operation}: no space left on the disk` : `${operation}: ${reason}`,
    nonRetryable: false,
    details: [toDetails(toHint(error, full, setting))],
    ...(error instanceof Error ? { cause: error } : {}),
  });
};

/** failureTypes.storageFailed for a file that is missing or was changed. Not retried. */
export const unusableArtifact = (message: string, hint: string): ApplicationFailure =>
  ApplicationFailure.create({
    type: failureTypes.storageFailed,
    message,
    nonRetryable: true,
    details: [toDetails(hint)],
  });
