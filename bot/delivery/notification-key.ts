import { createHash } from 'node:crypto';
import type { Card } from '../cards/card.ts';
import type { LiveRun } from '../runs/types.ts';

/** Changes only when people must be told at once: what lies between two of them is progress. */
export const toNotificationKey = ({ view, externalEnd }: LiveRun): string =>
  [
    view.status,
    view.approval?.digest.slice(0, 12) ?? '',
    view.approval?.votes.length ?? '',
    view.approval?.decision?.outcome ?? '',
    view.stages.reduce((tries, { attempt }) => tries + Math.max(0, attempt - 1), 0),
    view.events.filter(({ kind }) => kind === 'reminded').length,
    view.remaining?.digest.slice(0, 12) ?? '',
    externalEnd ?? '',
  ].join(' ');

/** Two cards that look alike have the same hash. */
export const hashCard = (card: Card): string =>
  createHash('sha256').update(JSON.stringify(card)).digest('hex');
