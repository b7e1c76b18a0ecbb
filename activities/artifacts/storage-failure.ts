import { ApplicationFailure } from '@temporalio/common';
import { DecryptionError } from '../../encryption/decryption-error.ts';
import { type FailureDetails, failureTypes } from '../../workflows/contract/failure.ts';

const details = (hint: string): FailureDetails => ({ hint, tail: [], log: null });

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether an error, of Node or of a program's last words, says that a disk is full. */
const saysFull = (code: unknown): boolean => typeof code === 'string' && fullCodes.has(code);

const codeOf = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : null;
};

/** What people are told to look at: the disk or bucket that `setting` names. */
const hintOf = (error: unknown, full: boolean, setting: string): string => {
  if (error instanceof DecryptionError)
    return 'Give every worker and the bot the same ENCRYPTION_KEYS, those of old files too.';
  return full
    ? `Free some space where ${setting} points to; it is tried again by itself.`
    : `Look at ${setting}: what it names must be there, and the worker must be able to reach, read and write it.`;
};

/** Storing or fetching that may go well the next time: the disk was full, the network was gone. */
export const storageFailure = (
  operation: string,
  error: unknown,
  setting = 'ARTIFACTS_URL',
): ApplicationFailure => {
  if (error instanceof ApplicationFailure) return error;
  const full = saysFull(codeOf(error));
  const said = error instanceof Error && error.message ? error.message : String(error);
  return ApplicationFailure.create({
    type: failureTypes.storageFailed,
    message: full ? `${operation}: no space is left on the disk` : `${operation}: ${said}`,
    nonRetryable: false,
    details: [details(hintOf(error, full, setting))],
    ...(error instanceof Error ? { cause: error } : {}),
  });
};

/** A file that is gone or is not what was stored: asking again would not help. */
export const unusableArtifact = (message: string, hint: string): ApplicationFailure =>
  ApplicationFailure.create({
    type: failureTypes.storageFailed,
    message,
    nonRetryable: true,
    details: [details(hint)],
  });
