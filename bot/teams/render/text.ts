import type { CardRenderer } from '../../cards/card-renderer.ts';
import type { Container, Element, Line, TextRun } from './elements.ts';
import { jsonBytes, limits } from './limits.ts';

// Besides the sign and the words, never instead of them.
const colours = {
  bad: { color: 'Attention' },
  warning: { color: 'Warning' },
  neutral: {},
} as const satisfies Record<string, Partial<TextRun>>;

/** Draws the parts of a card as elements of an Adaptive Card. */
export const cardRenderer: CardRenderer<Element> = {
  omissionNoticeSize: 1400,
  // With the comma between two elements.
  sizeOf: (element) => jsonBytes(element) + 2,
  text: (words, strong) => paragraph(words, strong ? { weight: 'Bolder' } : undefined),
  list: (title, tone, lines, rest) =>
    group([
      line([run(title, { weight: 'Bolder', ...colours[tone] })]),
      ...lines.map((one) => line([`•\u00a0${one}`], 'None')),
      ...(rest === '' ? [] : [line([run(rest, { italic: true })], 'None')]),
    ]),
  log: (title, lines, rest) =>
    group(
      [
        line([run(title, { weight: 'Bolder' }), ...(rest === '' ? [] : [run(` ${rest}`, { italic: true })])]),
        ...(lines.join('').trim() === '' ? [] : lines.map(fixedWidth)),
      ],
      { style: 'emphasis' },
    ),
  stages: (lines) => group(lines.map((one, index) => line([one], index === 0 ? undefined : 'None'))),
};

// Teams reads Markdown and mentions in TextBlock and FactSet, and its clients disagree about how a
// backslash escapes it. TextRun is plain text by its definition, so all that people or resources are
// named stands in TextRun; only its date functions must be kept from being carried out.
const literal = (text: string): string => text.replace(/\{\{(?=(?:DATE|TIME)\()/g, '{\u200b{');

/** A string is short for a TextRun without a style. */
type Inline = string | TextRun;

export const run = (text: string, style: Omit<TextRun, 'type' | 'text'> = {}): TextRun => ({
  type: 'TextRun',
  text: literal(text),
  ...style,
});

/** A link where the address is one that people may be sent to; else its words alone. */
export const link = (url: string, text: string): TextRun =>
  /^https?:\/\/[^\s]+$/i.test(url) && url.length <= limits.url
    ? run(text, { selectAction: { type: 'Action.OpenUrl', url } })
    : run(text);

// A block for each line: a line break inside a TextRun is not drawn by every client.
export const line = (inlines: readonly Inline[], spacing?: Line['spacing']): Line => ({
  type: 'RichTextBlock',
  inlines: inlines.map((inline) => (typeof inline === 'string' ? literal(inline) : inline)),
  ...(spacing === undefined ? {} : { spacing }),
});

export const group = (items: readonly Line[], look: Pick<Container, 'style' | 'bleed'> = {}): Container => ({
  type: 'Container',
  ...look,
  items,
});

/** Text whose line breaks count. */
export const paragraph = (text: string, style?: Omit<TextRun, 'type' | 'text'>): Element => {
  const lines = text
    .split('\n')
    .filter((one) => one.trim() !== '')
    .map((one, index) =>
      line([style === undefined ? one : run(one, style)], index === 0 ? undefined : 'None'),
    );
  const [first] = lines;
  return lines.length === 1 && first !== undefined ? first : group(lines);
};

/** A line of a log keeps its indent: several blanks would be drawn as one, and an empty line not at all. */
export const fixedWidth = (text: string): Line => {
  const kept =
    text.trim() === '' ? '\u00a0' : text.replace(/^ +| {2,}/g, (blanks) => '\u00a0'.repeat(blanks.length));
  return line([run(kept, { fontType: 'Monospace', size: 'Small' })], 'None');
};
