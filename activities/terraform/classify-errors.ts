import { asyncLocalStorage } from '@temporalio/activity';
import { type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import type { Diagnostic } from './machine-readable-ui.ts';
import type { Redact } from './secrets/redactor.ts';
import { maxAttempts } from './workspace.ts';

/** Who holds a state lock, as its holder wrote it down. */
export interface LockInfo {
  readonly id: string | null;
  readonly who: string | null;
  readonly since: string | null;
  readonly operation: string | null;
}

/** Reads the `Lock Info:` of Terraform's complaint. */
export const parseLockInfo = (detail: string): LockInfo => {
  const field = (name: string): string | null =>
    new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, 'm').exec(detail)?.[1]?.trim() ?? null;
  return {
    id: field('ID'),
    who: field('Who'),
    // 2026-11-21 09:38:04.35 +0000 UTC: nobody needs the fractions.
    since: field('Created')?.replace(/\.\d+/, '').replace(' +0000 UTC', ' UTC') ?? null,
    operation:
      field('Operation')
        ?.replace(/^OperationType/, '')
        .toLowerCase() ?? null,
  };
};

/** "root@build-1 since 2026-11-21 09:38:04 UTC (apply)". */
export const describeLockHolder = ({ who, since, operation }: LockInfo): string | null => {
  if (who === null) return null;
  return `${who}${since ? ` since ${since}` : ''}${operation && operation !== 'invalid' ? ` (${operation})` : ''}`;
};

const transientErrors =
  /connection (refused|reset|timed out)|no such host|could not connect|i\/o timeout|TLS handshake|deadline exceeded|temporary failure|server misbehaving|throttl|too ?many ?requests|rate exceeded|service ?unavailable|bad gateway|gateway timeout|unexpected EOF|giving up after \d+ attempt/i;

/** Whether there is a try left for what may go well later. */
export const hasAttemptsLeft = (): boolean => (asyncLocalStorage.getStore()?.info.attempt ?? 1) < maxAttempts;

/** Whether what a tool said sounds like a network or a service that may come back. */
export const isTransient = (said: string): boolean => transientErrors.test(said) && hasAttemptsLeft();

interface Classified {
  readonly type: FailureType;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
}

interface Situation {
  readonly doing: string;
  /** The type of what is none of the well-known troubles. */
  readonly otherwise: FailureType;
  readonly backend: string | null;
  readonly scrub: Redact;
}

const again = 'Plan again: what Terraform would do now may be something else.';
const maxMessageLength = 400;

/** Terraform ends every failure with 1, so what it says is all there is to tell them apart. */
const known: readonly (readonly [RegExp, FailureType, string, string])[] = [
  [/saved plan is stale/i, failureTypes.stalePlan, 'the state was changed after the plan was made', again],
  [
    /saved plan does not match the given state/i,
    failureTypes.stalePlan,
    'the plan was made for another state, which was lost or replaced',
    again,
  ],
  [
    /failed to load .* as a plan file|cannot apply incomplete plan|can't change variable when applying|plan file was created by|inconsistent dependency lock file/i,
    failureTypes.planMismatch,
    'Terraform refuses the plan file',
    'Plan again, with the same Terraform on every worker.',
  ],
];

const locked = ({ detail }: Diagnostic, { doing, backend, scrub }: Situation): Classified => {
  const info = parseLockInfo(scrub(detail));
  // The pg backend writes down who asks instead of who holds.
  const holder = backend === 'pg' ? null : describeLockHolder(info);
  const unlock =
    backend !== 'pg' && info.id ? ` \`terraform force-unlock ${info.id}\`` : ' `terraform force-unlock`';
  return {
    type: failureTypes.stateLocked,
    message: `${doing}: the state is locked by ${holder ?? 'somebody else'}`,
    hint: `Wait until that has ended. If its process is gone, release the lock with${unlock}.`,
    retryable: hasAttemptsLeft(),
  };
};

/** What went wrong, in words, from Terraform's own complaints. */
export const classify = (errors: readonly Diagnostic[], situation: Situation): Classified => {
  const { doing, otherwise, scrub } = situation;
  const lock = errors.find(({ summary }) => /error acquiring the state lock/i.test(summary));
  if (lock) return locked(lock, situation);
  for (const { summary, detail } of errors) {
    const match = known.find(([pattern]) => pattern.test(`${summary} ${detail}`));
    if (match) return { type: match[1], message: `${doing}: ${match[2]}`, hint: match[3], retryable: false };
  }
  const [first] = errors;
  const where = first?.address ?? first?.location;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more errors)` : '';
  const said = first
    ? `${first.summary}${where ? `, ${where}` : ''}${more}`
    : 'Terraform ended without saying why; it may have been killed';
  return {
    type: otherwise,
    message: `${doing}: ${scrub(said).slice(0, maxMessageLength)}`,
    hint: null,
    retryable: isTransient(errors.map(({ summary, detail }) => `${summary} ${detail}`).join(' ')),
  };
};
