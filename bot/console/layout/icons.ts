import type { RunStatus } from '../../../workflows/contract/run-status.ts';
import type { StageState } from '../../../workflows/contract/stage.ts';
import type { Card } from '../../cards/card.ts';
import { type Html, raw } from './html.ts';

const icon = (kind: string, drawing: string): Html =>
  raw(
    `<svg class="sign ${kind}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${drawing}</svg>`,
  );

const ring = '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>';
const disc = '<circle cx="8" cy="8" r="7" fill="currentColor"/>';
const stroke = 'fill="none" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';

const good = icon('good', `${disc}<path class="cut" d="m4.9 8.3 2.1 2.1 4.1-4.6" ${stroke}/>`);
const bad = icon('bad', `${disc}<path class="cut" d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" ${stroke}/>`);
const warning = icon(
  'warning',
  `<path d="M8 1.2c.5 0 .9.25 1.1.65l5.7 10.9c.45.85-.15 1.85-1.1 1.85H2.3c-.95 0-1.55-1-1.1-1.85L6.9 1.85c.2-.4.6-.65 1.1-.65Z" fill="currentColor"/><path class="cut" d="M8 5.8v3.4m0 2.3v.01" ${stroke}/>`,
);
const progress = icon(
  'progress',
  `<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.75" opacity=".28"/><path class="turn" d="M8 1.75A6.25 6.25 0 0 1 14.25 8" stroke="currentColor" ${stroke}/>`,
);
const pending = icon('neutral', ring);
const neutral = icon('neutral', `${ring}<circle cx="8" cy="8" r="2.25" fill="currentColor"/>`);
const stopped = icon('neutral', `${ring}<path d="M5 8h6" stroke="currentColor" ${stroke}/>`);

/** A shape for each tone, so that no one needs to tell colors apart. */
export const toneIcon: Readonly<Record<Card['tone'], Html>> = { neutral, progress, warning, good, bad };

export const stageIcon: Readonly<Record<StageState, Html>> = {
  pending,
  running: progress,
  succeeded: good,
  failed: bad,
  cancelled: stopped,
  skipped: stopped,
};

/** The state of a stage, as text. */
export const stageStateLabel: Readonly<Record<StageState, string>> = {
  pending: 'pending',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/** The status of a run, as text. */
export const statusLabel: Readonly<Record<RunStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  awaiting_approval: 'Waiting for approval',
  applying: 'Applying',
  succeeded: 'Succeeded',
  no_changes: 'No changes',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  failed: 'Failed',
};
