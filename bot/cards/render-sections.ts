import { pluralize, truncateEnd } from '../text/plain-text.ts';
import type { Section } from './card.ts';
import type { CardRenderer } from './render-section.ts';
import { minSize, renderSection } from './render-section.ts';

const maxSections = 35;

/** Lower ranks get their space first, so that dangerous changes are never omitted in favor of others. */
const rank = (section: Section): number => {
  switch (section.type) {
    case 'list':
      return { bad: 0, warning: 2, neutral: 4 }[section.tone ?? 'neutral'];
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
      return `${truncateEnd(section.title, 40)} (${pluralize(section.lines.length, 'line')})`;
    case 'text':
      return pluralize(section.text.length, 'character');
    case 'stages':
      return pluralize(section.stages.length, 'stage');
    default:
      return section satisfies never;
  }
};

const isEmpty = (section: Section): boolean => section.type === 'stages' && section.stages.length === 0;

const leftOut = (missing: readonly Section[]): string => {
  const names = missing.slice(0, 5).map(nameOf).join(', ');
  const more = missing.length > 5 ? ` and ${pluralize(missing.length - 5, 'more part')}` : '';
  return `Omitted (message too long): ${names}${more}.`;
};

/** Distributes the space by rank, and renders in the card's order. */
export const renderSections = <D>(
  pen: CardRenderer<D>,
  sections: readonly Section[],
  room: number,
): readonly D[] => {
  const order = sections
    .map((_, index) => index)
    .sort((a, b) => {
      const [first, second] = [sections[a], sections[b]];
      return first && second ? rank(first) - rank(second) || a - b : 0;
    });
  const drawn = new Map<number, D>();
  let left = room - pen.omissionNoticeSize;
  let kept = sections.reduce((size, section) => size + minSize(pen, section), 0);
  for (const index of order) {
    const section = sections[index];
    if (section === undefined || drawn.size >= maxSections) continue;
    const least = minSize(pen, section);
    kept -= least;
    const part = renderSection(pen, section, Math.min(left, Math.max(least, left - kept)));
    if (part === null) continue;
    drawn.set(index, part);
    left -= pen.sizeOf(part) + 1;
  }
  const missing = sections.filter((section, index) => !drawn.has(index) && !isEmpty(section));
  const parts = [...drawn].sort(([a], [b]) => a - b).map(([, part]) => part);
  return missing.length === 0 ? parts : [...parts, pen.text(leftOut(missing), false)];
};
