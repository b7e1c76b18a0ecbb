import { describe, expect, test } from 'vitest';
import { readKeys } from './keys.ts';
import { createKeyRing, makeKey } from './testing/rings.ts';

const problemsOf = (text: string): readonly string[] => {
  const read = readKeys(text, { encrypts: true });
  return 'problems' in read ? read.problems : [];
};

test('the first key encrypts, and all of them decrypt', () => {
  const ring = createKeyRing(makeKey('2026-11'), ` ${makeKey('2025-11')}`);
  expect(ring.active?.id).toBe('2026-11');
  expect([...ring.byId.keys()]).toEqual(['2026-11', '2025-11']);
  expect(ring.active?.secret).toHaveLength(32);
});

test('without ENCRYPT_PAYLOADS, keys only decrypt', () => {
  const read = readKeys(makeKey('old'), { encrypts: false });
  expect(read).toMatchObject({ ring: { active: null } });
  expect('ring' in read && read.ring.byId.has('old')).toBe(true);
});

describe('invalid keys', () => {
  const short = Buffer.from('hunter2').toString('base64');
  test.each([
    ['hunter2', 'entry 1 needs a ":"'],
    [`k1:${short}`, 'the key "k1" must be 32 bytes in base64; create one with: openssl rand -base64 32'],
    ['k1:hunter2!', 'the key "k1" must be 32 bytes'],
    [`k 1:${short}`, 'the ID of entry 1 must be 1 to 64 letters'],
    [`:${short}`, 'the ID of entry 1 must be'],
    [`${makeKey('k1')},${makeKey('k1')}`, 'duplicate key ID "k1"'],
    [`${makeKey('k1')},`, 'entry 2 needs a ":"'],
  ])('entry %# is refused without being quoted', (text, problem) => {
    const problems = problemsOf(text);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toContain('hunter2');
    expect(problems.join()).not.toContain(short);
  });

  test('every entry is checked', () => {
    expect(problemsOf(`a,b:${short}`)).toHaveLength(2);
  });
});
