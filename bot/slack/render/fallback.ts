import type { Card } from '../../cards/card.ts';
import { head, headOfLines } from './cut.ts';
import { limits } from './room.ts';
import { toneSigns } from './signs.ts';

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
export const fallbackText = ({ tone, title, summary }: Card): string => {
  const said = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return within(`${toneSigns[tone]}${head(said, 1000)}`, limits.fallback);
};

/** Several lines, for a thread. */
export const escapedLines = (text: string, limit: number): string => {
  const escaped = escapeMrkdwn(headOfLines(text, limit));
  return escaped.length <= limit ? escaped : escapeMrkdwn(headOfLines(text, Math.floor(limit / 5)));
};
