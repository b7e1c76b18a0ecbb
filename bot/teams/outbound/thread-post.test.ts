import { expect, test } from 'vitest';
import { jsonBytes, maxMessageBytes } from '../render/limits.ts';
import { renderThreadPost } from './post-to-thread.ts';

const ada = { id: '29:1ada', name: 'Ada' };

test('People are mentioned by their IDs before the text', () => {
  const drawn = renderThreadPost({ text: 'Your turn.' }, [ada, { id: '29:1grace', name: 'Grace' }]);
  expect(drawn.text).toBe('<at>Ada</at> <at>Grace</at> Your turn.');
  expect(drawn.entities).toEqual([
    { type: 'mention', text: '<at>Ada</at>', mentioned: ada },
    { type: 'mention', text: '<at>Grace</at>', mentioned: { id: '29:1grace', name: 'Grace' } },
  ]);
});

test('A name with markup is mentioned without it, and the text has the same name', () => {
  const drawn = renderThreadPost({ text: 'x' }, [{ id: '29:1eve', name: '<at>Eve</at> & "co"' }]);
  expect(drawn.text).not.toMatch(/&|"/);
  expect(drawn.text.match(/<at>/g)).toHaveLength(1);
  const [mention] = drawn.entities;
  expect(drawn.text.startsWith(mention?.text)).toBe(true);
});

test('Text and log lines never become markup', () => {
  const nasty = '<at>everyone</at> <a href="https://evil.example">x</a> **b** &amp;';
  const drawn = renderThreadPost({ text: `${nasty}\nsecond`, lines: [nasty, '  indented'] });
  expect(drawn.textFormat).toBe('xml');
  expect(drawn.entities).toEqual([]);
  expect(drawn.text.match(/<[^>]*>/g)).toEqual(['<br/>', '<pre>', '</pre>']);
  expect(drawn.text).toContain('\n  indented</pre>');
  expect(drawn.text).toContain('&amp;amp;');
});

test('Long logs are cut from the top with the number of omitted lines', () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `<line ${index}>`);
  const drawn = renderThreadPost({ text: '"'.repeat(9000), lines }, [ada]);
  expect(jsonBytes(drawn)).toBeLessThanOrEqual(maxMessageBytes);
  expect(drawn.text).toContain('&lt;line 4999&gt;</pre>');
  expect(drawn.text).toMatch(/<i>\d+ earlier lines not shown\.<\/i><pre>/);
});

test('A post without lines is its text only', () => {
  expect(renderThreadPost({ text: 'Done.' })).toEqual({
    type: 'message',
    textFormat: 'xml',
    text: 'Done.',
    entities: [],
  });
});
