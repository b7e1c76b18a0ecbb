import { html as honoHtml, raw as honoRaw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { formatDuration, formatTime } from '../../text/time.ts';

/** Markup whose values are escaped. */
export type Html = HtmlEscapedString;

/** Renders markup; every value that is not `Html` itself is escaped. */
export const html = (strings: TemplateStringsArray, ...values: unknown[]): Html =>
  // Hono returns a promise only when a value is one; the console passes none.
  honoHtml(strings, ...values) as Html;

/** Marks text as markup. Only for literals of this source code. */
export const raw = (markup: string): Html => honoRaw(markup) as Html;

export const nothing = raw('');

/** A moment (ms since the epoch). The browser shows it in the reader's time zone. */
export const renderTime = (at: number, style: 'clock' | 'ago' | 'full' = 'full'): Html =>
  html`<time datetime="${new Date(at).toISOString()}" data-style="${style}" title="${formatTime(at)}">${formatTime(at)}</time>`;

const showTenthsBelowMs = 10_000;

const formatElapsed = (ms: number): string =>
  ms < showTenthsBelowMs ? `${(Math.max(0, ms) / 1000).toFixed(1)}s` : formatDuration(ms);

/** The time between two moments (ms since the epoch); `until` is null while it still runs. */
export const renderDuration = (from: number, until: number | null): Html =>
  until === null
    ? html`<span class="span" data-since="${from}">${formatDuration(Date.now() - from)}</span>`
    : html`<span class="span">${formatElapsed(until - from)}</span>`;
