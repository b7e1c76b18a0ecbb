import type { Logger } from '../../../runtime/logger.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import { errorCard } from '../../cards/notice-cards.ts';
import { UserError } from '../../platform/errors.ts';
import type { Dispatch, Invocation, Reply } from '../../platform/platform.ts';

/** What somebody asked for, before it is known who that is: `who` is what their chat calls them. */
export type UnresolvedInvocation<Who> = Omit<Invocation, 'actor'> & { readonly who: Who };

/** Finds out who asks and what the answer is; never throws. */
export type RequestHandler<Who> = (asked: UnresolvedInvocation<Who>) => Promise<Reply>;

export const toErrorReply = (message: string): Reply => ({
  card: errorCard(message),
  visibility: 'ephemeral',
});

export const createRequestHandler =
  <Who>(dispatch: Dispatch, findPerson: (who: Who) => Promise<Person>, logger: Logger): RequestHandler<Who> =>
  async ({ who, ...asked }) => {
    try {
      const actor = await findPerson(who);
      return await dispatch({ ...asked, actor });
    } catch (error) {
      if (error instanceof UserError) return toErrorReply(error.message);
      logger.error({ command: asked.command.slice(0, 40), error }, 'answering somebody');
      return toErrorReply(
        'Something went wrong here. Whether it was carried out is not known: ask for its status.',
      );
    }
  };

/** The answer when it comes in time, else null: the work goes on. */
export const within = async <T>(work: Promise<T>, ms: number): Promise<T | null> => {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
