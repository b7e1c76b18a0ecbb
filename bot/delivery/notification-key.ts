import { createHash } from 'node:crypto';
import type { Card } from '../cards/card.ts';
import type { LiveRun } from '../runs/types.ts';

/**
 * Changes only when conversations must be notified at once. Changes between two keys are progress. Stored with
 * each message, so its parts and their order stay.
 */
export const toNotificationKey = ({ view, externalEnd }: LiveRun): string =>
  [
    view.status,
    view.approval?.digest.slice(0, 12) ?? '',
    view.approval?.votes.length ?? '',
    view.approval?.decision?.outcome ?? '',
    view.stages.reduce((retries, { attempt }) => retries + Math.max(0, attempt - 1), 0),
    view.events.filter(({ kind }) => kind === 'reminded').length,
    view.remaining?.digest.slice(0, 12) ?? '',
    externalEnd ?? '',
  ].join(' ');

/** Cards that look the same have the same hash. */
export const hashCard = (card: Card): string =>
  createHash('sha256').update(JSON.stringify(card)).digest('hex');
