import type { Logger } from '../../runtime/logger.ts';
import { errorCard } from '../cards/notice-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Runs } from '../runs/port.ts';
import type { SlackClient } from './clients.ts';
import { homeNotice, homeView } from './render/home-view.ts';
import type { ResolveUser } from './resolve-user.ts';
import { readSlackError } from './slack-error.ts';

export interface HomeDeps {
  readonly client: SlackClient;
  readonly runs: Pick<Runs, 'list' | 'waitingFor'>;
  readonly findPerson: ResolveUser;
  readonly publicUrl: string | null;
  readonly logger: Logger;
}

const listed = 10;

/** Draws somebody's Home page as things stand; never throws. */
export const createPublishHome = ({ client, runs, findPerson, publicUrl, logger }: HomeDeps) => {
  const draw = async (user: string) => {
    try {
      const person = await findPerson(user);
      const [waiting, mine] = await Promise.all([
        runs.waitingFor(person),
        runs.list({ requester: person.id, limit: listed }),
      ]);
      return homeView({ waiting, mine, publicUrl });
    } catch (error) {
      if (error instanceof UserError) return homeNotice(errorCard(error.message));
      logger.warn({ error }, 'the runs of a Home page could not be read');
      return homeNotice(errorCard('The runs cannot be read just now. Open this page again in a moment.'));
    }
  };
  return async (user: string): Promise<void> => {
    try {
      await client.views.publish({ user_id: user, view: await draw(user) });
    } catch (error) {
      logger.warn({ failure: readSlackError(error) }, 'a Home page was not taken by Slack');
    }
  };
};
