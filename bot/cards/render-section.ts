import { pluralize, truncateEnd, truncateLines, truncateMiddle } from '../text/plain-text.ts';
import type { CardStage, ListTone, Section } from './card.ts';
import { listIcons, stageIcons, stageStateText } from './card-text.ts';

/**
 * Renders the parts of a card for one chat, after `renderSection` has chosen the text that fits.
 * A rendering must grow with its content, because space is distributed by measuring renderings.
 */
export interface CardRenderer<Drawing> {
  text(text: string, strong: boolean): Drawing;
  /** `rest` names the omitted lines; empty when none are. */
  list(title: string, tone: ListTone, lines: readonly string[], rest: string): Drawing;
  log(title: string, lines: readonly string[], rest: string): Drawing;
  stages(lines: readonly string[]): Drawing;
  /** The size in the unit of the chat's limit. */
  sizeOf(drawing: Drawing): number;
  /** Space reserved for the sentence that names omitted sections. */
  readonly omissionNoticeSize: number;
}

const lineLimit = 500;
/** For each line of a list that does not fit as it is. */
const shortLimit = 160;
/** Lines of a dangerous list that always keep their space. */
const leastLines = 2;
const textLimit = 2500;
const titleLimit = 200;

/** The highest count whose rendering fits. */
const fitting = <D>(
  pen: CardRenderer<D>,
  count: number,
  room: number,
  draw: (count: number) => D,
): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pen.sizeOf(draw(middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** Renders as many lines as fit; null when not even the sentence about omitted lines fits. */
const mostOf = <D>(
  pen: CardRenderer<D>,
  count: number,
  room: number,
  draw: (count: number) => D,
): D | null => {
  const drawn = draw(fitting(pen, count, room, draw));
  return pen.sizeOf(drawn) <= room ? drawn : null;
};

const omitted = (count: number, what: string): string => `${pluralize(count, what)} omitted.`;

type Of<Type> = Extract<Section, { type: Type }>;

/** Renders the first lines of a list, each truncated to `limit` characters. */
const listDrawer = <D>(pen: CardRenderer<D>, section: Of<'list'>, limit: number) => {
  const tone = section.tone ?? 'neutral';
  const lines = section.lines.map((line) => {
    const short = truncateMiddle(line, limit);
    return short.trim() === '' ? '–' : short;
  });
  const title = `${listIcons[tone]}${truncateEnd(section.title, titleLimit)}`;
  return (count: number): D => {
    const left = lines.length - count;
    const rest = [
      ...(left > 0 ? [omitted(left, 'more line')] : []),
      ...(section.more === null ? [] : [truncateEnd(section.more, titleLimit)]),
    ].join(' ');
    return pen.list(title, tone, lines.slice(0, count), rest);
  };
};

const list = <D>(pen: CardRenderer<D>, section: Of<'list'>, room: number): D | null => {
  const whole = listDrawer(pen, section, lineLimit)(section.lines.length);
  if (pen.sizeOf(whole) <= room) return whole;
  return mostOf(pen, section.lines.length, room, listDrawer(pen, section, shortLimit));
};

/** The space that other sections must leave for this one. */
export const minSize = <D>(pen: CardRenderer<D>, section: Section): number => {
  if (section.type !== 'list' || (section.tone ?? 'neutral') === 'neutral') return 0;
  const least = Math.min(leastLines, section.lines.length);
  return pen.sizeOf(listDrawer(pen, section, shortLimit)(least)) + 1;
};

/** The last lines of a log matter most, so a log is cut from the top. */
const log = <D>(pen: CardRenderer<D>, section: Of<'log'>, room: number): D | null => {
  const lines = section.lines.map((line) => truncateMiddle(line, lineLimit));
  const title = truncateEnd(section.title, titleLimit);
  return mostOf(pen, lines.length, room, (count) => {
    const left = lines.length - count;
    const shown = count === 0 ? [] : lines.slice(-count);
    return pen.log(title, shown, left > 0 ? omitted(left, 'earlier line') : '');
  });
};

const words = <D>(pen: CardRenderer<D>, section: Of<'text'>, room: number): D | null => {
  const draw = (limit: number): D => pen.text(truncateLines(section.text, limit), section.strong ?? false);
  const whole = draw(textLimit);
  if (pen.sizeOf(whole) <= room) return whole;
  const limit = fitting(pen, textLimit, room, draw);
  return limit < 40 ? null : draw(limit);
};

const stageLine = ({ label, state, detail }: CardStage): string =>
  [
    `${stageIcons[state]} ${truncateEnd(label, 80)}`,
    ...(stageStateText[state] === null ? [] : [stageStateText[state]]),
    ...(detail === null ? [] : [truncateMiddle(detail, 160)]),
  ].join(' · ');

const stages = <D>(pen: CardRenderer<D>, section: Of<'stages'>, room: number): D | null => {
  if (section.stages.length === 0) return null;
  const lines = section.stages.map(stageLine);
  return mostOf(pen, lines.length, room, (count) => {
    const left = lines.length - count;
    return pen.stages([...lines.slice(0, count), ...(left > 0 ? [omitted(left, 'more stage')] : [])]);
  });
};

/** Renders a section within `room` and names what it omits; null when not even that fits. */
export const renderSection = <D>(pen: CardRenderer<D>, section: Section, room: number): D | null => {
  switch (section.type) {
    case 'list':
      return list(pen, section, room);
    case 'log':
      return log(pen, section, room);
    case 'text':
      return words(pen, section, room);
    case 'stages':
      return stages(pen, section, room);
    default:
      return section satisfies never;
  }
};
