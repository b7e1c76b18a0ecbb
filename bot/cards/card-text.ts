import { truncateEnd } from '../text/plain-text.ts';
import type { Card, CardStage } from './card.ts';

// Each icon has its own shape, so that color is never the only difference.
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

/** States whose icon is easy to misread have a text too. */
export const stageStateText: Readonly<Record<CardStage['state'], string | null>> = {
  pending: null,
  running: null,
  succeeded: null,
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

export const listIcons = { bad: '🛑 ', warning: '⚠️ ', neutral: '' } as const;

/** The card in one line, for a notification or a screen reader. The icon is not counted in the limit. */
export const toCardText = ({ tone, title, summary }: Card, limit: number): string => {
  const text = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return `${toneIcons[tone]}${truncateEnd(text, limit)}`;
};
