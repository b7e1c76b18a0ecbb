import { formatDuration, formatTime } from '../../text/time.ts';
import { type Html, html } from './html.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** A moment; the page shows it in the reader's own time, and how long ago it was. */
export const renderTime = (at: number, style: 'clock' | 'ago' | 'full' = 'full'): Html =>
  html`<time datetime="${iso(at)}" data-style="${style}" title="${formatTime(at)}">${formatTime(at)}</time>`;

const tenthsBelowMs = 10_000;

/** Short times differ in their tenths. */
const lasted = (ms: number): string =>
  ms < tenthsBelowMs ? `${(Math.max(0, ms) / 1000).toFixed(1)}s` : formatDuration(ms);

/** How long something took, or how long it has been going on. */
export const renderDuration = (from: number, until: number | null): Html =>
  until === null
    ? html`<span class="span" data-since="${from}">${formatDuration(Date.now() - from)}</span>`
    : html`<span class="span">${lasted(until - from)}</span>`;
