import type { RichTextBlock } from '@slack/types';
import type { CardStage, Section } from '../../cards/card.ts';
import { counted, shorten } from '../../cards/plain.ts';
import { head, headOfLines } from './cut.ts';
import { bullets, fixedWidth, paragraph, richText, text } from './rich-text.ts';
import { bytesOf } from './room.ts';
import { listSigns, stageSigns, stageWords } from './signs.ts';

const lineLimit = 500;
const textLimit = 2500;
const titleLimit = 200;

/** The most lines that a drawing takes without leaving its room; it must grow with its lines. */
const fitting = (count: number, room: number, draw: (lines: number) => RichTextBlock): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bytesOf(draw(middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
};

const notShown = (count: number, what: string): string => `${counted(count, what)} not shown here.`;

const list = (section: Extract<Section, { type: 'list' }>, room: number): RichTextBlock | null => {
  const lines = section.lines.map((line) => {
    const short = shorten(line, lineLimit);
    return short.trim() === '' ? '–' : short;
  });
  const title = `${listSigns[section.tone ?? 'neutral']}${head(section.title, titleLimit)}`;
  const draw = (count: number): RichTextBlock => {
    const left = lines.length - count;
    const rest = [
      ...(left > 0 ? [notShown(left, 'more line')] : []),
      ...(section.more === null ? [] : [head(section.more, titleLimit)]),
    ].join(' ');
    return richText([
      paragraph([text(title, { bold: true }), text('\n')]),
      ...(count > 0 ? [bullets(lines.slice(0, count))] : []),
      ...(rest === '' ? [] : [paragraph([text(rest, { italic: true })])]),
    ]);
  };
  const count = fitting(lines.length, room, draw);
  const drawn = draw(count);
  return bytesOf(drawn) <= room ? drawn : null;
};

/** The last lines of a log say what went wrong, so it is cut from the top. */
const log = (section: Extract<Section, { type: 'log' }>, room: number): RichTextBlock | null => {
  const lines = section.lines.map((line) => shorten(line, lineLimit));
  const draw = (count: number): RichTextBlock => {
    const left = lines.length - count;
    const shown = count === 0 ? [] : lines.slice(-count);
    return richText([
      paragraph([
        text(head(section.title, titleLimit), { bold: true }),
        ...(left > 0 ? [text(` ${notShown(left, 'earlier line')}`, { italic: true })] : []),
      ]),
      ...(shown.join('').trim() === '' ? [] : [fixedWidth(shown)]),
    ]);
  };
  const drawn = draw(fitting(lines.length, room, draw));
  return bytesOf(drawn) <= room ? drawn : null;
};

const words = (section: Extract<Section, { type: 'text' }>, room: number): RichTextBlock | null => {
  const draw = (limit: number) =>
    richText([
      paragraph([text(headOfLines(section.text, limit), section.strong ? { bold: true } : undefined)]),
    ]);
  const whole = draw(textLimit);
  if (bytesOf(whole) <= room) return whole;
  const limit = fitting(textLimit, room, draw);
  return limit < 40 ? null : draw(limit);
};

const stageLine = ({ label, state, detail }: CardStage): string =>
  [
    `${stageSigns[state]} ${head(label, 80)}`,
    ...(stageWords[state] === null ? [] : [stageWords[state]]),
    ...(detail === null ? [] : [shorten(detail, 160)]),
  ].join(' · ');

const stages = (section: Extract<Section, { type: 'stages' }>, room: number): RichTextBlock | null => {
  if (section.stages.length === 0) return null;
  const lines = section.stages.map(stageLine);
  const draw = (count: number) => {
    const left = lines.length - count;
    const shown = [...lines.slice(0, count), ...(left > 0 ? [notShown(left, 'more stage')] : [])];
    return richText([paragraph([text(shown.join('\n'))])]);
  };
  const drawn = draw(fitting(lines.length, room, draw));
  return bytesOf(drawn) <= room ? drawn : null;
};

/** Draws a section inside its room and says what it leaves out; null when not even that fits. */
export const drawSection = (section: Section, room: number): RichTextBlock | null => {
  switch (section.type) {
    case 'list':
      return list(section, room);
    case 'log':
      return log(section, room);
    case 'text':
      return words(section, room);
    case 'stages':
      return stages(section, room);
    default:
      return section satisfies never;
  }
};
