import { describe, expect, test } from 'vitest';
import type { Card } from '../bot/cards/card.ts';
import { runCard } from '../bot/cards/run-card.ts';
import { sampleNotices } from '../bot/cards/testing/sample-notices.ts';
import { sampleRuns } from '../bot/cards/testing/samples.ts';
import { checkMessage, readMessages } from '../scripts/check/messages.ts';
import { readSourceFiles } from '../scripts/check/source-files.ts';

/** The texts of a card that Quarterdeck writes. Lists and logs quote Terraform, the policy and people. */
const readTexts = ({ title, summary, fields, sections, buttons }: Card): readonly string[] => [
  title,
  // A text can quote a failure after a colon.
  ...summary.split(': '),
  ...fields.map(({ label }) => label),
  ...sections.flatMap((section) =>
    section.type === 'text' ? section.text.split(': ') : section.type === 'stages' ? [] : [section.title],
  ),
  ...buttons.flatMap((button) => [
    button.label,
    ...(button.kind === 'command' && button.confirm ? [button.confirm.title, button.confirm.text] : []),
  ]),
];

describe('every message', () => {
  const messages = readMessages(readSourceFiles());

  test('is found in the code', () => {
    expect(messages.length).toBeGreaterThan(500);
  });

  test('has short sentences that name who acts, in plain English', () => {
    const problems = messages.flatMap(({ path, line, text }) =>
      checkMessage(path, text).map((problem) => `${path}:${line} ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});

describe('every card', () => {
  const samples = [
    ...sampleRuns.map(({ name, run }) => ({ name, card: runCard(run, { publicUrl: null }) })),
    ...sampleNotices.map(({ name, draw }) => ({ name, card: draw({ publicUrl: null }) })),
  ].filter(({ name }) => !name.includes('hostile'));

  test.each(samples)('$name has short sentences that name who acts, in plain English', ({ name, card }) => {
    const problems = readTexts(card).flatMap((text) => checkMessage(name, text));
    expect(problems).toEqual([]);
  });
});

describe('the rules', () => {
  test.each([
    ['It is tried again in a minute.', 'starts with "It"'],
    ['There is no run 3f2a91.', 'starts with "There"'],
    ['Mend `repo` in the catalog.', 'write fix'],
    [`${'Word '.repeat(21)}.`, '21 words'],
  ])('refuse %j', (text, reason) => {
    expect(checkMessage('bot/example.ts', text).join('\n')).toContain(reason);
  });

  test('accept the problem, the consequence and the next command', () => {
    const text = 'Temporal isn’t responding. Nothing was changed. Try `retry` again shortly.';
    expect(checkMessage('bot/example.ts', text)).toEqual([]);
  });
});
