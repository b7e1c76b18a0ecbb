import { truncateEnd } from '../text/plain-text.ts';
import type { Card } from './card.ts';
import { toneIcons } from './icons.ts';

/** The whole card in one line, for a notification or a screen reader; the sign comes on top of the limit. */
export const toCardText = ({ tone, title, summary }: Card, limit: number): string => {
  const said = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return `${toneIcons[tone]}${truncateEnd(said, limit)}`;
};
