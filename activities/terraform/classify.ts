import { type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import type { Diagnostic } from './diagnostics.ts';
import { lockHolder, parseLockInfo } from './lock-info.ts';
import { hasTriesLeft, mayPass } from './passing-trouble.ts';
import type { Scrub } from './secrets/scrubber.ts';

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
  readonly scrub: Scrub;
}

const again = 'Plan again: what Terraform would do now may be something else.';
const longest = 400;

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
  const holder = backend === 'pg' ? null : lockHolder(info);
  const unlock =
    backend !== 'pg' && info.id ? ` \`terraform force-unlock ${info.id}\`` : ' `terraform force-unlock`';
  return {
    type: failureTypes.stateLocked,
    message: `${doing}: the state is locked by ${holder ?? 'somebody else'}`,
    hint: `Wait until that has ended. If its process is gone, release the lock with${unlock}.`,
    retryable: hasTriesLeft(),
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
  const where = first?.address ?? first?.place;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more errors)` : '';
  const said = first
    ? `${first.summary}${where ? `, ${where}` : ''}${more}`
    : 'Terraform ended without saying why; it may have been killed';
  return {
    type: otherwise,
    message: `${doing}: ${scrub(said).slice(0, longest)}`,
    hint: null,
    retryable: mayPass(errors.map(({ summary, detail }) => `${summary} ${detail}`).join(' ')),
  };
};
