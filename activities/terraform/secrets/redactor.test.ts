import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';
import { createSensitiveValues } from './sensitive-values.ts';

describe('A redactor', () => {
  test('replaces every secret, wherever it begins, and prefers the longest match', () => {
    const scrub = createRedactor(['hunter2', 'hunter2-and-more', 'swordfish']);
    expect(scrub('a=hunter2-and-more b=hunter2,swordfishswordfish')).toBe('a=*** b=***,******');
  });

  test('recognizes secrets with quotes, line breaks and templates as Terraform writes them', () => {
    const scrub = createRedactor([`say "hi"\n$\{now}`]);
    expect(scrub(`x = "say \\"hi\\"\\n$$\{now}"`)).toBe('x = "***"');
  });

  test('leaves a text without secrets unchanged', () => {
    expect(createRedactor([])('plain')).toBe('plain');
    expect(createRedactor(['hunter2'])('hun ter2')).toBe('hun ter2');
  });

  test('stays fast with many secrets', () => {
    const secrets = Array.from({ length: 5000 }, (_, n) => `secret-number-${n}-end`);
    const scrub = createRedactor(secrets);
    const text = secrets.map((secret) => `value = "${secret}"`).join('\n');
    expect(new Set(scrub(text).split('\n'))).toEqual(new Set(['value = "***"']));
  });

  test('never lets a secret through', () => {
    const secret = fc.string({ minLength: 6, maxLength: 12 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1 }), fc.string(), (secrets, between) => {
        const clean = createRedactor(secrets)(secrets.join(between));
        expect(secrets.filter((text) => clean.includes(text))).toEqual([]);
      }),
    );
  });
});

describe('The sensitive values of a plan', () => {
  const marked = (value: unknown, marks: unknown): readonly string[] => {
    const secrets = createSensitiveValues();
    secrets.addMarked(value, marks);
    return [...secrets.values];
  };

  test('are the marked ones, at any depth', () => {
    const value = { a: 'plain-text', b: ['zero', 'hidden-one'], c: { d: 'hidden-two', e: 12345 } };
    expect(marked(value, { b: [false, true], c: true })).toEqual(['hidden-one', 'hidden-two', '12345']);
  });

  test('do not include words that occur in every text', () => {
    expect(marked(['true', 'abc', '', 7, null, false], true)).toEqual([]);
  });
});
