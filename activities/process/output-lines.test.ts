import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from './output-lines.ts';

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
