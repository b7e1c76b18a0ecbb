import type { CardRenderer } from '../../cards/render-section.ts';
import type { Container, Element, Line, TextRun } from './elements.ts';
import { jsonBytes, limits } from './limits.ts';

// Teams reads Markdown and mentions in TextBlock and FactSet, and its clients escape them differently.
// TextRun is plain text by definition, so all text from data is in TextRun; only its date functions
// must be escaped. https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
const literal = (text: string): string => text.replace(/\{\{(?=(?:DATE|TIME)\()/g, '{\u200b{');

/** A string is a TextRun without a style. */
type Inline = string | TextRun;

export const run = (text: string, style: Omit<TextRun, 'type' | 'text'> = {}): TextRun => ({
  type: 'TextRun',
  text: literal(text),
  ...style,
});

/** A link to an http or https address; any other address becomes plain text. */
export const link = (url: string, text: string): TextRun =>
  /^https?:\/\/[^\s]+$/i.test(url) && url.length <= limits.url
    ? run(text, { selectAction: { type: 'Action.OpenUrl', url } })
    : run(text);

// One block for each line: not every client shows a line break inside a TextRun.
export const line = (inlines: readonly Inline[], spacing?: Line['spacing']): Line => ({
  type: 'RichTextBlock',
  inlines: inlines.map((inline) => (typeof inline === 'string' ? literal(inline) : inline)),
  ...(spacing === undefined ? {} : { spacing }),
});

export const group = (items: readonly Line[], style: Pick<Container, 'style' | 'bleed'> = {}): Container => ({
  type: 'Container',
  ...style,
  items,
});

/** Text with its line breaks. */
const paragraph = (text: string, style?: Omit<TextRun, 'type' | 'text'>): Element => {
  const lines = text
    .split('\n')
    .filter((one) => one.trim() !== '')
    .map((one, index) =>
      line([style === undefined ? one : run(one, style)], index === 0 ? undefined : 'None'),
    );
  const [first] = lines;
  return lines.length === 1 && first !== undefined ? first : group(lines);
};

/** A log line with its indent: clients collapse several blanks and drop an empty line. */
const fixedWidth = (text: string): Line => {
  const preserved =
    text.trim() === '' ? '\u00a0' : text.replace(/^ +| {2,}/g, (blanks) => '\u00a0'.repeat(blanks.length));
  return line([run(preserved, { fontType: 'Monospace', size: 'Small' })], 'None');
};

/** In addition to icons and words: color alone carries no meaning. */
const colors = {
  bad: { color: 'Attention' },
  warning: { color: 'Warning' },
  neutral: {},
} as const satisfies Record<string, Partial<TextRun>>;

/** Renders the sections of a card as elements of an Adaptive Card. */
export const cardRenderer: CardRenderer<Element> = {
  omissionNoticeSize: 1400,
  // Includes the comma between two elements.
  sizeOf: (element) => jsonBytes(element) + 2,
  text: (content, strong) => paragraph(content, strong ? { weight: 'Bolder' } : undefined),
  list: (title, tone, lines, rest) =>
    group([
      line([run(title, { weight: 'Bolder', ...colors[tone] })]),
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
