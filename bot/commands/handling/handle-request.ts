import type { Logger } from '../../../runtime/logger.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import { errorCard } from '../../cards/notice-cards.ts';
import { UserError } from '../../platform/errors.ts';
import type { Dispatch, Invocation, Reply } from '../../platform/platform.ts';

/** What somebody asked for, before it is known who that is: `who` is what their chat calls them. */
export type UnresolvedInvocation<Who> = Omit<Invocation, 'actor'> & { readonly who: Who };

/** Finds out who asks and what the answer is; never throws. */
export type RequestHandler<Who> = (asked: UnresolvedInvocation<Who>) => Promise<Reply>;

/** A reply for the sender alone: nothing was done, or the error says that it may have been. */
export const toErrorReply = (error: UserError | string): Reply => {
  const { message, hint, outcome } = typeof error === 'string' ? new UserError(error) : error;
  return { card: errorCard(message, hint), outcome, visibility: 'ephemeral' };
};

export const createRequestHandler =
  <Who>(dispatch: Dispatch, findPerson: (who: Who) => Promise<Person>, logger: Logger): RequestHandler<Who> =>
  async ({ who, ...asked }) => {
    try {
      const actor = await findPerson(who);
      return await dispatch({ ...asked, actor });
    } catch (error) {
      if (error instanceof UserError) return toErrorReply(error);
      logger.error({ command: asked.command.slice(0, 40), error }, 'answering somebody');
      return toErrorReply(
        new UserError(
          'Something went wrong here. Whether it was carried out is not known: ask for its status.',
          {
            outcome: 'unconfirmed',
          },
        ),
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
