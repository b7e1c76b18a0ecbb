import type { Card } from '../../cards/card.ts';
import { toCardText } from '../../cards/card-text.ts';
import { truncateEnd, truncateLines } from '../../text/plain-text.ts';
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
  return escaped.length <= limit ? escaped : escapeMrkdwn(truncateEnd(text, Math.floor(limit / 5)));
};

/** What notifications and screen readers say instead of the blocks. */
export const fallbackText = (card: Card): string => within(toCardText(card, 1000), limits.fallback);

/** Several lines, for a thread. */
export const escapedLines = (text: string, limit: number): string => {
  const escaped = escapeMrkdwn(truncateLines(text, limit));
  return escaped.length <= limit ? escaped : escapeMrkdwn(truncateLines(text, Math.floor(limit / 5)));
};
