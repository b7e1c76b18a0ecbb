import { truncateEnd } from '../text/plain-text.ts';
import type { Card, CardStage } from './card.ts';

// Each sign has a shape of its own: nothing is told by colour alone.
export const toneIcons: Readonly<Record<Card['tone'], string>> = {
  neutral: '',
  progress: '⏳ ',
  warning: '✋ ',
  good: '✅ ',
  bad: '❌ ',
};

export const stageIcons: Readonly<Record<CardStage['state'], string>> = {
  pending: '▫️',
  running: '⏳',
  succeeded: '✅',
  failed: '❌',
  cancelled: '⏹️',
  skipped: '➖',
};

/** A sign can be misread; these states are said in words as well. */
export const stageStateText: Readonly<Record<CardStage['state'], string | null>> = {
  pending: null,
  running: null,
  succeeded: null,
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

export const listIcons = { bad: '🛑 ', warning: '⚠️ ', neutral: '' } as const;

/** The whole card in one line, for a notification or a screen reader; the sign comes on top of the limit. */
export const toCardText = ({ tone, title, summary }: Card, limit: number): string => {
  const said = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return `${toneIcons[tone]}${truncateEnd(said, limit)}`;
};
