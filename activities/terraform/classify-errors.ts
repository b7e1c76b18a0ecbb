import { asyncLocalStorage } from '@temporalio/activity';
import { type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import { truncateEnd } from '../process/output-lines.ts';
import type { Redact } from '../process/redact.ts';
import type { Diagnostic } from './machine-readable-ui.ts';

/** From this attempt on, an error that looks transient is treated as permanent. */
const maxAttempts = 5;

const transientErrors =
  /connection (refused|reset|timed out)|no such host|could not connect|i\/o timeout|TLS handshake|deadline exceeded|temporary failure|server misbehaving|throttl|too ?many ?requests|rate exceeded|service ?unavailable|bad gateway|gateway timeout|unexpected EOF|giving up after \d+ attempt/i;

/** Whether the current activity may be attempted again: it has made fewer than 5 attempts. */
export const hasAttemptsLeft = (): boolean => (asyncLocalStorage.getStore()?.info.attempt ?? 1) < maxAttempts;

/** Whether an error text names a network or service problem that may go away, and an attempt is left. */
export const isTransient = (errorText: string): boolean =>
  transientErrors.test(errorText) && hasAttemptsLeft();

/** The holder of a state lock, as recorded in the lock. */
export interface LockInfo {
  readonly id: string | null;
  /** "ada@laptop". */
  readonly who: string | null;
  /** "2026-11-21 09:38:04 UTC". */
  readonly since: string | null;
  /** "apply". */
  readonly operation: string | null;
}

/**
 * Reads the `Lock Info:` block of Terraform's error.
 * @see https://developer.hashicorp.com/terraform/language/state/locking
 */
export const parseLockInfo = (detail: string): LockInfo => {
  const field = (name: string): string | null =>
    new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, 'm').exec(detail)?.[1]?.trim() ?? null;
  return {
    id: field('ID'),
    who: field('Who'),
    // "2026-11-21 09:38:04.35 +0000 UTC", without the fraction.
    since: field('Created')?.replace(/\.\d+/, '').replace(' +0000 UTC', ' UTC') ?? null,
    operation:
      field('Operation')
        ?.replace(/^OperationType/, '')
        .toLowerCase() ?? null,
  };
};

/** "root@build-1 since 2026-11-21 09:38:04 UTC (apply)"; null when the lock names no holder. */
export const describeLockHolder = ({ who, since, operation }: LockInfo): string | null => {
  if (who === null) return null;
  return `${who}${since ? ` since ${since}` : ''}${operation && operation !== 'invalid' ? ` (${operation})` : ''}`;
};

interface ClassifiedError {
  readonly type: FailureType;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
}

interface ErrorContext {
  readonly operation: string;
  /** The type of an error that is none of the known ones. */
  readonly defaultType: FailureType;
  /** The backend's type, such as `s3`; null when it is unknown. */
  readonly backend: string | null;
  readonly redact: Redact;
}

const replanHint = 'Plan again: the new plan may differ from the approved one.';
const maxMessageLength = 400;

/** Terraform exits with 1 for every failure, so only the text tells them apart. */
const knownErrors: readonly {
  readonly pattern: RegExp;
  readonly type: FailureType;
  readonly problem: string;
  readonly hint: string;
}[] = [
  {
    pattern: /saved plan is stale/i,
    type: failureTypes.stalePlan,
    problem: 'the state changed after the plan was made',
    hint: replanHint,
  },
  {
    pattern: /saved plan does not match the given state/i,
    type: failureTypes.stalePlan,
    problem: 'the plan was made for another state, which was lost or replaced',
    hint: replanHint,
  },
  {
    pattern:
      /failed to load .* as a plan file|cannot apply incomplete plan|can't change variable when applying|plan file was created by|inconsistent dependency lock file/i,
    type: failureTypes.planMismatch,
    problem: 'Terraform rejected the plan file',
    hint: 'Plan again, with the same Terraform version on every worker.',
  },
];

const classifyLockError = ({ detail }: Diagnostic, context: ErrorContext): ClassifiedError => {
  const { operation, backend, redact } = context;
  const info = parseLockInfo(redact(detail));
  // The pg backend records who requests the lock, not who holds it.
  const isHolderKnown = backend !== 'pg';
  const holder = isHolderKnown ? describeLockHolder(info) : null;
  const unlock = `terraform force-unlock ${(isHolderKnown && info.id) || '<lock id>'}`;
  return {
    type: failureTypes.stateLocked,
    message: `${operation}: the state is locked by ${holder ?? 'another Terraform process'}`,
    hint: `If that process is running, wait for it to finish, then \`retry\`. If it has died, run \`${unlock}\` first.`,
    retryable: hasAttemptsLeft(),
  };
};

const summarize = (errors: readonly Diagnostic[]): string => {
  const [first] = errors;
  if (!first) return 'Terraform exited without an error message; it may have been killed';
  const where = first.address ?? first.location;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more errors)` : '';
  return `${first.summary}${where ? `, ${where}` : ''}${more}`;
};

/**
 * The failure that Terraform's errors amount to: `stateLocked` (retried up to 5 attempts), `stalePlan`,
 * `planMismatch`, or the default type (retried up to 5 attempts when it looks transient).
 */
export const classifyErrors = (errors: readonly Diagnostic[], context: ErrorContext): ClassifiedError => {
  const { operation, defaultType, redact } = context;
  const lockError = errors.find(({ summary }) => /error acquiring the state lock/i.test(summary));
  if (lockError) return classifyLockError(lockError, context);
  const texts = errors.map(({ summary, detail }) => `${summary} ${detail}`);
  for (const text of texts) {
    const known = knownErrors.find(({ pattern }) => pattern.test(text));
    if (known)
      return {
        type: known.type,
        message: `${operation}: ${known.problem}`,
        hint: known.hint,
        retryable: false,
      };
  }
  return {
    type: defaultType,
    message: `${operation}: ${truncateEnd(redact(summarize(errors)), maxMessageLength)}`,
    hint: null,
    retryable: isTransient(texts.join(' ')),
  };
};
