import type { Card } from './card.ts';
import { head } from './cut.ts';
import { toneSigns } from './signs.ts';

/** The whole card in one line, for a notification or a screen reader; the sign comes on top of the limit. */
export const cardInWords = ({ tone, title, summary }: Card, limit: number): string => {
  const said = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return `${toneSigns[tone]}${head(said, limit)}`;
};
