import type { RichTextBlock } from '@slack/types';
import type { Section } from '../../cards/card.ts';
import { counted } from '../../cards/plain.ts';
import { head } from './cut.ts';
import { paragraph, richText, text } from './rich-text.ts';
import { bytesOf } from './room.ts';
import { drawSection, leastRoom } from './sections.ts';

const maxSections = 35;
/** Kept free for the sentence that says what was left out. */
const sentenceRoom = 600;

/** The lower, the sooner it gets its room: what is dangerous is never hidden behind what is not. */
const rank = (section: Section): number => {
  switch (section.type) {
    case 'list':
      return { bad: 0, attention: 2, neutral: 4 }[section.tone ?? 'neutral'];
    case 'text':
      return 1;
    case 'stages':
      return 3;
    case 'log':
      return 5;
    default:
      return section satisfies never;
  }
};

const nameOf = (section: Section): string => {
  switch (section.type) {
    case 'list':
    case 'log':
      return `${head(section.title, 40)} (${counted(section.lines.length, 'line')})`;
    case 'text':
      return counted(section.text.length, 'character');
    case 'stages':
      return counted(section.stages.length, 'stage');
    default:
      return section satisfies never;
  }
};

/** Shares the room out by rank, and draws in the card's own order. */
export const drawSections = (sections: readonly Section[], room: number): readonly RichTextBlock[] => {
  const order = sections
    .map((_, index) => index)
    .sort((a, b) => {
      const [first, second] = [sections[a], sections[b]];
      return first && second ? rank(first) - rank(second) || a - b : 0;
    });
  const drawn = new Map<number, RichTextBlock>();
  let left = room - sentenceRoom;
  let kept = sections.reduce((bytes, section) => bytes + leastRoom(section), 0);
  for (const index of order) {
    const section = sections[index];
    if (section === undefined || drawn.size >= maxSections) continue;
    const least = leastRoom(section);
    kept -= least;
    const block = drawSection(section, Math.min(left, Math.max(least, left - kept)));
    if (block === null) continue;
    drawn.set(index, block);
    left -= bytesOf(block) + 1;
  }
  const missing = sections.filter((_, index) => !drawn.has(index)).filter((section) => !isEmpty(section));
  const blocks = [...drawn].sort(([a], [b]) => a - b).map(([, block]) => block);
  if (missing.length === 0) return blocks;
  const names = missing.slice(0, 5).map(nameOf).join(', ');
  const more = missing.length > 5 ? ` and ${counted(missing.length - 5, 'more part')}` : '';
  return [...blocks, richText([paragraph([text(`Not shown here for lack of room: ${names}${more}.`)])])];
};

const isEmpty = (section: Section): boolean => section.type === 'stages' && section.stages.length === 0;
