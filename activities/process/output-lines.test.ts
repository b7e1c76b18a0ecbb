import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanLine, createLineSplitter, createTail, truncateEnd } from './output-lines.ts';

const splitAll = (bytes: Buffer, cuts: readonly number[], longest?: number): string[] => {
  const splitter = createLineSplitter(longest);
  const lines: string[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b).filter((at) => at <= bytes.length)) {
    lines.push(...splitter.add(bytes.subarray(from, cut)));
    from = cut;
  }
  return [...lines, ...splitter.add(bytes.subarray(from)), ...splitter.end()];
};

test('the lines do not depend on how the bytes are chunked', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ''));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(200)), fc.constantFrom('\n', '\r\n'), (lines, cuts, brk) => {
      const bytes = Buffer.from(lines.map((text) => text + brk).join(''));
      expect(splitAll(bytes, cuts)).toEqual(lines.map((text) => Buffer.from(text).toString()));
    }),
  );
});

test('a line without an end is truncated, and the next line is complete', () => {
  const bytes = Buffer.from(`${'x'.repeat(1000)}\nnext\nlast`);
  expect(splitAll(bytes, [10, 300, 600, 999], 100)).toEqual([
    `${'x'.repeat(100)} … (truncated)`,
    'next',
    'last',
  ]);
});

test.each([
  ['short', 10, 'short'],
  ['exactly 10', 10, 'exactly 10'],
  ['longer than ten', 10, 'longer th…'],
  ['12345678😀x', 10, '12345678\ufffd…'],
])('%j is truncated at its end to %i characters', (text, maxLength, truncated) => {
  expect(truncateEnd(text, maxLength)).toBe(truncated);
});

test('a line loses its colours, and what a progress bar has overwritten', () => {
  expect(cleanLine('\u001b[31mred\u001b[0m\u0007  ')).toBe('red');
  expect(cleanLine(' 10 %\r 50 %\r100 %\r')).toBe('100 %');
});

test('a tail keeps the newest lines', () => {
  const tail = createTail(3);
  for (const line of ['a', 'b', 'c', 'd']) tail.add(line);
  expect(tail.last()).toEqual(['b', 'c', 'd']);
  expect(tail.last(1)).toEqual(['d']);
});
