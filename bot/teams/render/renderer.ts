import type { CardRenderer } from '../../cards/render-section.ts';
import type { Element, TextRun } from './elements.ts';
import { jsonBytes } from './limits.ts';
import { fixedWidth, group, line, paragraph, run } from './lines.ts';

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
