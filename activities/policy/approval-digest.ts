import { createHash } from 'node:crypto';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import type { PolicyVerdict } from '../../workflows/contract/policy.ts';

/** JSON with its keys in order, so that equal things have equal text whoever wrote them. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );

interface Approved {
  readonly plan: Pick<SavedPlan, 'file' | 'lock'>;
  readonly revision: string;
  readonly verdict: PolicyVerdict;
}

/**
 * Names what people approve: this plan file, this commit, these provider builds, this judgement.
 * Any other of them is another digest.
 */
export const approvalDigest = ({ plan, revision, verdict }: Approved): string =>
  createHash('sha256')
    .update(
      canonicalJson({ plan: plan.file.sha256, commit: revision, lock: plan.lock?.sha256 ?? null, verdict }),
    )
    .digest('hex');
