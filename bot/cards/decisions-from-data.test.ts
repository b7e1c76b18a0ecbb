import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Comparisons of what a card says. Outcomes, kinds, IDs and actions are data; texts and tones may change. */
const patterns: readonly RegExp[] = [
  /\.(title|label|summary|text|message)\s*[!=]==?\s*['"`]/,
  /\b(title|label|summary)\s*[!=]==?\s*['"`]\w/,
  /\b(card|section|button|reply)\b[\w.?]*\.(title|label|summary|footer|text)\.(startsWith|endsWith|includes|match|search)\(/,
  /\.test\(\s*[\w.?]*\b(title|label|summary|footer)\s*\)/,
];

/** Renderers may choose how a tone looks; everything else must not compare one. */
const tones: readonly RegExp[] = [
  /\btone\s*[!=]==?\s*['"`]/,
  /['"`]\s*[!=]==?\s*[\w.?]*\btone\b/,
  /\bfooter\s*[!=]==?\s*null/,
  /sections\.(some|every|find|filter)\([^)]*\btype\b/,
];

const isRenderer = (file: string, text: string): boolean =>
  /(^|\/)render[-./]/.test(file) || /from '[./]+(layout\/)?html\.ts'/.test(text);

const production = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'bot', 'cli', 'scripts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(file));

const isCode = (line: string): boolean => !/^\s*(\/\/|\*|\/\*)/.test(line);

const findGuesses = (file: string, text: string): readonly string[] => {
  const forbidden = isRenderer(file, text) ? patterns : [...patterns, ...tones];
  return text
    .split('\n')
    .filter((line) => isCode(line) && forbidden.some((pattern) => pattern.test(line)))
    .map((line) => `${file}: ${line.trim()}`);
};

describe('production code', () => {
  it('decides nothing from a title, a label, a text, a tone or the parts of a card', () => {
    expect(production.length).toBeGreaterThan(100);
    expect(production.flatMap((file) => findGuesses(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each([
    "return section.title === 'Policy';",
    "button.label === 'Cancel' ? 'Cancel the run' : button.label",
    "reply.card.tone === 'good' && reply.card.footer === null",
    "const isListing = ({ sections }: Card) => sections.some(({ type }) => type === 'list');",
    'if (notConfirmed.test(card.title)) return false;',
    "if (card.summary.startsWith('Denied')) return;",
  ])('would be reported for %s', (line) => {
    expect(findGuesses('bot/example.ts', line)).toHaveLength(1);
  });

  it('may choose how a tone looks where it renders', () => {
    expect(findGuesses('bot/slack/render/buttons.ts', "style: button.tone === 'good' ? a : b")).toEqual([]);
  });
});
