import { createHash } from 'node:crypto';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import type { PolicyVerdict } from '../../workflows/contract/policy.ts';

/**
 * JSON with sorted object keys: equal values have equal text. Not RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785),
 * and it must not change: approval requests that are open hold digests made with it, and so do stored drift reports.
 */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );

interface ApprovalSubject {
  readonly plan: Pick<SavedPlan, 'file' | 'lock'>;
  readonly revision: string;
  readonly verdict: PolicyVerdict;
}

/**
 * Names what people approve: the plan file, the revision, the provider lock file and the policy verdict. If one of
 * them differs, the digest differs. sha256 in lowercase hex.
 */
export const approvalDigest = ({ plan, revision, verdict }: ApprovalSubject): string =>
  createHash('sha256')
    .update(
      canonicalJson({ plan: plan.file.sha256, commit: revision, lock: plan.lock?.sha256 ?? null, verdict }),
    )
    .digest('hex');
