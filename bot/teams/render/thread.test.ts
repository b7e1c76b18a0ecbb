import { expect, test } from 'vitest';
import { jsonBytes, maxMessageBytes } from './limits.ts';
import { renderThreadPost } from './thread.ts';

const ada = { id: '29:1ada', name: 'Ada' };

test('people are mentioned by their ids, before the words', () => {
  const drawn = renderThreadPost({ text: 'Your turn.' }, [ada, { id: '29:1grace', name: 'Grace' }]);
  expect(drawn.text).toBe('<at>Ada</at> <at>Grace</at> Your turn.');
  expect(drawn.entities).toEqual([
    { type: 'mention', text: '<at>Ada</at>', mentioned: ada },
    { type: 'mention', text: '<at>Grace</at>', mentioned: { id: '29:1grace', name: 'Grace' } },
  ]);
});

test('a name with markup in it is mentioned without it, and stands in the text to the letter', () => {
  const drawn = renderThreadPost({ text: 'x' }, [{ id: '29:1eve', name: '<at>Eve</at> & "co"' }]);
  expect(drawn.text).not.toMatch(/&|"/);
  expect(drawn.text.match(/<at>/g)).toHaveLength(1);
  const [mention] = drawn.entities;
  expect(drawn.text.startsWith(mention?.text)).toBe(true);
});

test('words and log lines are text, whatever they look like', () => {
  const nasty = '<at>everyone</at> <a href="https://evil.example">x</a> **b** &amp;';
  const drawn = renderThreadPost({ text: `${nasty}\nsecond`, lines: [nasty, '  indented'] });
  expect(drawn.textFormat).toBe('xml');
  expect(drawn.entities).toEqual([]);
  expect(drawn.text.match(/<[^>]*>/g)).toEqual(['<br/>', '<pre>', '</pre>']);
  expect(drawn.text).toContain('\n  indented</pre>');
  expect(drawn.text).toContain('&amp;amp;');
});

test('long lines are cut from the top, with a word on how many', () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `<line ${index}>`);
  const drawn = renderThreadPost({ text: '"'.repeat(9000), lines }, [ada]);
  expect(jsonBytes(drawn)).toBeLessThanOrEqual(maxMessageBytes);
  expect(drawn.text).toContain('&lt;line 4999&gt;</pre>');
  expect(drawn.text).toMatch(/<i>\d+ earlier lines omitted\.<\/i><pre>/);
});

test('a post without lines is its words alone', () => {
  expect(renderThreadPost({ text: 'Done.' })).toEqual({
    type: 'message',
    textFormat: 'xml',
    text: 'Done.',
    entities: [],
  });
});
