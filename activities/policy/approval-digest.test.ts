import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { approvalDigest, canonicalJson } from './approval-digest.ts';

const ref = (sha256: string) => ({ key: 'run/x', bytes: 1, sha256 });

describe('The approval digest', () => {
  test('differs exactly when plan file, revision, provider lock file or verdict differ', () => {
    const plan = { file: ref('a'), lock: ref('l') };
    const verdict = { outcome: 'pass' as const, violations: [] };
    const approved = { plan, revision: 'c', verdict };
    const others = [
      { ...approved, plan: { ...plan, file: ref('b') } },
      { ...approved, plan: { ...plan, lock: null } },
      { ...approved, plan: { ...plan, lock: ref('m') } },
      { ...approved, revision: 'd' },
      { ...approved, verdict: { ...verdict, outcome: 'soft' as const } },
    ];
    expect(new Set([approved, ...others].map(approvalDigest)).size).toBe(6);
    expect(approvalDigest(approved)).toMatch(/^[0-9a-f]{64}$/);
    const moved = { ...approved, plan: { file: { ...ref('a'), key: 'elsewhere' }, lock: ref('l') } };
    expect(approvalDigest(moved)).toBe(approvalDigest(approved));
  });

  test('does not depend on the order of keys in a verdict', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });
});
