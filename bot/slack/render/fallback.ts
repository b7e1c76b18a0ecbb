import type { Card } from '../../cards/card.ts';
import { head, headOfLines } from '../../cards/cut.ts';
import { cardInWords } from '../../cards/in-words.ts';
import { limits } from './limits.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text for the places that Slack reads as mrkdwn: no markup and no mention comes out of data. */
export const escapeMrkdwn = (text: string): string =>
  text
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign)
    .replace(/@(?=channel|here|everyone)/gi, '@\u200b')
    .replace(/[*_~`]/g, (sign) => `${sign}\u200b`);

/** Cut so that what the escaping adds still fits. */
const within = (text: string, limit: number): string => {
  const escaped = escapeMrkdwn(text);
  return escaped.length <= limit ? escaped : escapeMrkdwn(head(text, Math.floor(limit / 5)));
};

/** What notifications and screen readers say instead of the blocks. */
export const fallbackText = (card: Card): string => within(cardInWords(card, 1000), limits.fallback);

/** Several lines, for a thread. */
export const escapedLines = (text: string, limit: number): string => {
  const escaped = escapeMrkdwn(headOfLines(text, limit));
  return escaped.length <= limit ? escaped : escapeMrkdwn(headOfLines(text, Math.floor(limit / 5)));
};
