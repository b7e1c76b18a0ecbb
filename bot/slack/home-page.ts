import type { App } from '@slack/bolt';
import type { HomeView, KnownBlock } from '@slack/types';
import type { Logger } from '../../runtime/logger.ts';
import type { Card } from '../cards/card.ts';
import type { LiveRun } from '../cards/listed-run.ts';
import { errorCard } from '../cards/notice-cards.ts';
import { runCard } from '../cards/run-card.ts';
import { runLine } from '../cards/run-list-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Runs } from '../runs/types.ts';
import type { SlackClient } from './clients.ts';
import { renderCard } from './render/card.ts';
import { limits } from './render/limits.ts';
import { bullets, paragraph, richText, text } from './render/text.ts';
import type { ResolveUser } from './resolve-user.ts';
import { readSlackError } from './slack-errors.ts';

interface HomeContent {
  readonly waiting: readonly LiveRun[];
  readonly mine: readonly LiveRun[];
  readonly publicUrl: string | null;
}

const maxCards = 5;
/** Blocks kept free for what follows the approval requests. */
const reservedBlocks = 8;
const maxListed = 10;

const heading = (title: string): KnownBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: title, emoji: false },
});
const sentence = (content: string): KnownBlock => richText([paragraph([text(content)])]);

/** Shows whole cards: a person decides by what the card shows. */
const renderApprovalRequests = ({ waiting, publicUrl }: HomeContent): readonly KnownBlock[] => {
  if (waiting.length === 0) return [sentence('No pending approvals.')];
  const blocks: KnownBlock[] = [];
  let shown = 0;
  for (const run of waiting.slice(0, maxCards)) {
    const card = renderCard(runCard(run, { publicUrl })).blocks;
    if (blocks.length + card.length + 1 > limits.viewBlocks - reservedBlocks) break;
    blocks.push(...card, { type: 'divider' });
    shown += 1;
  }
  const rest = waiting.slice(shown);
  if (rest.length > 0)
    blocks.push(
      richText([
        paragraph([text(`And ${rest.length} more:\n`, { bold: true })]),
        bullets(rest.slice(0, maxListed).map(runLine)),
      ]),
    );
  return blocks;
};

export const renderHome = (content: HomeContent): HomeView => ({
  type: 'home',
  blocks: [
    heading('Waiting for you'),
    ...renderApprovalRequests(content),
    heading('Your runs'),
    content.mine.length === 0
      ? sentence('You have not started a run yet. Type /deploy in a channel to see the commands.')
      : richText([bullets(content.mine.slice(0, maxListed).map(runLine))]),
  ],
});

const renderNotice = (card: Card): HomeView => ({ type: 'home', blocks: renderCard(card).blocks });

export interface HomeDeps {
  readonly client: SlackClient;
  readonly runs: Pick<Runs, 'list' | 'waitingFor'>;
  readonly resolveUser: ResolveUser;
  readonly publicUrl: string | null;
  readonly logger: Logger;
}

/** Publishes a user's Home page with their approval requests and runs; never throws. */
export type PublishHome = (user: string) => Promise<void>;

export const createPublishHome = ({
  client,
  runs,
  resolveUser,
  publicUrl,
  logger,
}: HomeDeps): PublishHome => {
  const render = async (user: string): Promise<HomeView> => {
    try {
      const person = await resolveUser(user);
      const [waiting, mine] = await Promise.all([
        runs.waitingFor(person),
        runs.list({ requester: person.id, limit: maxListed }),
      ]);
      return renderHome({ waiting, mine, publicUrl });
    } catch (error) {
      if (error instanceof UserError) return renderNotice(errorCard(error.message, error.hint));
      logger.warn({ err: error }, 'the runs of a Home page cannot be read');
      return renderNotice(errorCard("The runs can't be read.", 'Open this page again shortly.'));
    }
  };
  return async (user) => {
    try {
      await client.views.publish({ user_id: user, view: await render(user) });
    } catch (error) {
      logger.warn({ failure: readSlackError(error) }, 'Slack rejected a Home page');
    }
  };
};

export const registerHome = (app: App, publishHome: PublishHome): void => {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await publishHome(event.user);
  });
};
