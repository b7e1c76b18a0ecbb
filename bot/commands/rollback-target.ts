import type { AppliedRecord, EnvironmentView } from '../../workflows/contract/environment.ts';
import { UserError } from '../platform/errors.ts';

const short = (commit: string): string => commit.slice(0, 7);

/** Where a rollback goes, and where it comes from as people are told. */
export interface RollbackTarget {
  readonly to: string;
  readonly from: string;
}

/**
 * The commit before the present one. The present one may stand in the record several times: deployed
 * again, or gone back to. What came between was left for it, so the search begins at its first time.
 */
const before = (environment: string, applied: readonly AppliedRecord[], present: string): AppliedRecord => {
  const first = applied.findLastIndex(({ revision }) => revision === present);
  const older = applied[first + 1];
  if (older) return older;
  const left = applied.find(({ revision }) => revision !== present);
  const why = left
    ? `${environment} went back to ${short(present)} already, and nothing older is known. For ${short(left.revision)}, deploy it with --ref.`
    : `${environment} has had one commit only: ${short(present)}.`;
  throw new UserError(`There is nothing to go back to: ${why}`);
};

/** After an apply that was cut short the newest good commit is the last that was applied whole. */
export const findRollbackTarget = (
  environment: string,
  { applied, unfinished }: Pick<EnvironmentView, 'applied' | 'unfinished'>,
): RollbackTarget | null => {
  const [newest] = applied;
  if (!newest) return null;
  if (unfinished) return { to: newest.revision, from: 'a deployment that was cut short' };
  const { revision } = before(environment, applied, newest.revision);
  return { to: revision, from: short(newest.revision) };
};
