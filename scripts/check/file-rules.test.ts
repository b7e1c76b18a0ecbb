import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { findFilesToFold, findUndocumented, measureSizes } from './file-rules.ts';
import type { SourceFile } from './source-files.ts';

const file = (path: string, text: string): SourceFile => ({
  path,
  text,
  source: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
});
const small = 'export const answer = 42;\n';
const importer = (name: string): SourceFile =>
  file(`bot/${name}.ts`, `import { answer } from './answer.ts';\n`);

describe('the rule for small files', () => {
  test('reports a small file with one production importer', () => {
    const files = [file('bot/answer.ts', small), importer('one'), file('bot/answer.test.ts', small)];
    expect(findFilesToFold(files)).toEqual([
      { path: 'bot/answer.ts', line: 1, message: '1 lines and one importer: fold it into bot/one.ts' },
    ]);
  });

  test.each([
    ['a second importer', [file('bot/answer.ts', small), importer('one'), importer('two')]],
    [
      'a reason in the first line',
      [file('bot/answer.ts', `// Separate file: shared\n${small}`), importer('one')],
    ],
    ['30 lines', [file('bot/answer.ts', small.repeat(30)), importer('one')]],
    ['no importer', [file('bot/answer.ts', small)]],
  ])('accepts a file with %s', (_, files) => {
    expect(findFilesToFold(files)).toEqual([]);
  });
});

describe('the rule for doc comments', () => {
  test('reports an export of the contract or of an activity without one', () => {
    const text = `/** The answer. */\n${small}export interface Question {}\nconst local = 1;\n`;
    for (const path of ['workflows/contract/answer.ts', 'activities/git/answer.ts', 'bot/x/port.ts'])
      expect(findUndocumented([file(path, text)])).toEqual([
        { path, line: 3, message: 'Question has no doc comment' },
      ]);
  });

  test('leaves other folders and tests alone', () => {
    expect(findUndocumented([file('bot/answer.ts', small), file('activities/a.test.ts', small)])).toEqual([]);
  });
});

test('the median counts production files without index.ts', () => {
  const files = [1, 3, 5].map((lines) => file(`bot/${lines}.ts`, small.repeat(lines)));
  expect(measureSizes([...files, file('bot/index.ts', small.repeat(99))])).toEqual({
    count: 3,
    median: 3,
    max: 5,
  });
});
