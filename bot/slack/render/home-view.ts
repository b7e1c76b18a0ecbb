import type { HomeView, KnownBlock } from '@slack/types';
import type { Card } from '../../cards/card.ts';
import type { LiveRun } from '../../cards/live-run.ts';
import { runCard } from '../../cards/run-card.ts';
import { runLine } from '../../cards/status-card.ts';
import { renderBlocks } from './blocks.ts';
import { limits } from './limits.ts';
import { bullets, paragraph, richText, text } from './rich-text.ts';

export interface HomeContent {
  readonly waiting: readonly LiveRun[];
  readonly mine: readonly LiveRun[];
  readonly publicUrl: string | null;
}

const maxWhole = 5;
/** Left for what follows the questions. */
const reserve = 8;
const maxMine = 10;

const heading = (words: string): KnownBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: words, emoji: false },
});
const say = (words: string): KnownBlock => richText([paragraph([text(words)])]);

/** A run is decided on by what its card shows, so the whole card is here. */
const questions = ({ waiting, publicUrl }: HomeContent): readonly KnownBlock[] => {
  if (waiting.length === 0) return [say('Nothing waits for you.')];
  const blocks: KnownBlock[] = [];
  let whole = 0;
  for (const run of waiting.slice(0, maxWhole)) {
    const card = renderBlocks(runCard(run, { publicUrl })).blocks;
    if (blocks.length + card.length + 1 > limits.viewBlocks - reserve) break;
    blocks.push(...card, { type: 'divider' });
    whole += 1;
  }
  const rest = waiting.slice(whole);
  if (rest.length > 0)
    blocks.push(
      richText([
        paragraph([text(`And ${rest.length} more:\n`, { bold: true })]),
        bullets(rest.slice(0, maxMine).map(runLine)),
      ]),
    );
  return blocks;
};

/** What waits for this person comes first, then what they asked for. */
export const homeView = (content: HomeContent): HomeView => ({
  type: 'home',
  blocks: [
    heading('Waiting for you'),
    ...questions(content),
    heading('Your runs'),
    content.mine.length === 0
      ? say('You have not asked for a deployment yet. Type /deploy in a channel to see what there is.')
      : richText([bullets(content.mine.slice(0, maxMine).map(runLine))]),
  ],
});

/** Said in place of everything when it cannot be shown. */
export const homeNotice = (card: Card): HomeView => ({
  type: 'home',
  blocks: renderBlocks(card).blocks,
});
