import type { RichTextBlock } from '@slack/types';
import type { CardStage, Section } from '../../cards/card.ts';
import { counted, shorten } from '../../cards/plain.ts';
import { head, headOfLines } from './cut.ts';
import { bullets, fixedWidth, paragraph, richText, text } from './rich-text.ts';
import { bytesOf } from './room.ts';
import { listSigns, stageSigns, stageWords } from './signs.ts';

const lineLimit = 500;
/** Where long lines would push others out. */
const shortLimit = 160;
/** Lines that a dangerous list never loses to another part of the card. */
const leastLines = 2;
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

type List = Extract<Section, { type: 'list' }>;

/** Draws the first lines of a list, each cut to `limit` characters. */
const listDrawer = (section: List, limit: number) => {
  const lines = section.lines.map((line) => {
    const short = shorten(line, limit);
    return short.trim() === '' ? '–' : short;
  });
  const title = `${listSigns[section.tone ?? 'neutral']}${head(section.title, titleLimit)}`;
  return (count: number): RichTextBlock => {
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
};

const list = (section: List, room: number): RichTextBlock | null => {
  const whole = listDrawer(section, lineLimit)(section.lines.length);
  if (bytesOf(whole) <= room) return whole;
  const draw = listDrawer(section, shortLimit);
  const drawn = draw(fitting(section.lines.length, room, draw));
  return bytesOf(drawn) <= room ? drawn : null;
};

/** The room that other parts of a card must leave for this one. */
export const leastRoom = (section: Section): number => {
  if (section.type !== 'list' || (section.tone ?? 'neutral') === 'neutral') return 0;
  const least = Math.min(leastLines, section.lines.length);
  return bytesOf(listDrawer(section, shortLimit)(least)) + 1;
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
