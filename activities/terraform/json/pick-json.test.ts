import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Choice, pickJson } from './pick-json.ts';

const pick = (text: string, sizes: readonly number[], choose: (path: readonly string[]) => Choice) => {
  const found: [string, unknown][] = [];
  const picker = pickJson(choose, (path, value) => found.push([path.join('/'), value]));
  let rest = Buffer.from(text);
  for (let at = 0; rest.length > 0; at += 1) {
    const size = sizes[at % sizes.length] ?? 1;
    picker.write(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  picker.end();
  return found;
};

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
const everything = (path: readonly string[]): Choice => (path.length < 2 ? 'enter' : 'take');

describe('A JSON document that is read in parts', () => {
  test('yields the elements of an array one by one', () => {
    const text = '{"a": [1, {"b": "]"}, "x\\"y", null], "c": {"a": [2]}, "d": true}';
    const choose = (path: readonly string[]): Choice => {
      const name = path.join('/');
      return name === '' || name === 'a' ? 'enter' : name === 'a/*' || name === 'd' ? 'take' : 'skip';
    };
    for (const size of [1, 2, 3, 7, 100])
      expect(pick(text, [size], choose)).toEqual([
        ['a/*', 1],
        ['a/*', { b: ']' }],
        ['a/*', 'x"y'],
        ['a/*', null],
        ['d', true],
      ]);
  });

  test('yields the same values for every division into chunks', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())),
        sizes,
        (value, chunks) => {
          const plain = JSON.parse(JSON.stringify(value)) as Record<string, Record<string, unknown>>;
          const expected = Object.entries(plain).flatMap(([outer, inner]) =>
            Object.entries(inner).map(([key, part]) => [`${outer}/${key}`, part]),
          );
          expect(pick(JSON.stringify(value, null, 1), chunks, everything)).toEqual(expected);
        },
      ),
    );
  });

  test('may be a single value', () => {
    expect(pick('42', [1], () => 'take')).toEqual([['', 42]]);
    expect(pick('"x"', [1], () => 'take')).toEqual([['', 'x']]);
  });

  test('is refused when malformed, and the error does not quote it', () => {
    expect(() =>
      pick('{"a": {"password": hunter2}}', [3], (path) => (path.length === 0 ? 'enter' : 'take')),
    ).toThrow(/^reading JSON: a part of the document is not valid JSON$/);
  });

  test('is refused when incomplete', () => {
    for (const text of ['', '{', '{"a": [1', '{"a": "x', '[1, 2'])
      expect(() => pick(text, [3], everything)).toThrow('the document is incomplete');
  });
});
