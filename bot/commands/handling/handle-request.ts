import pTimeout from 'p-timeout';
import type { Person } from '../../../workflows/contract/person.ts';
import {
  type CommandRequest,
  type Dispatch,
  defaultReplyTimeoutMs,
  type Reply,
} from '../../platform/platform.ts';

/** A command whose sender is known to their chat only: `who` is what the chat calls them. */
export type UnresolvedInvocation<Who> = Omit<CommandRequest, 'resolveActor' | 'deadline'> & {
  readonly who: Who;
};

/** Finds out who sends a command and replies to it; never throws. */
export type RequestHandler<Who> = (request: UnresolvedInvocation<Who>) => Promise<Reply>;

export const createRequestHandler =
  <Who>(dispatch: Dispatch, resolveUser: (who: Who) => Promise<Person>): RequestHandler<Who> =>
  ({ who, ...request }) =>
    dispatch({
      ...request,
      resolveActor: () => resolveUser(who),
      deadline: Date.now() + defaultReplyTimeoutMs,
    });

/** The result when it comes in time, else null: the work goes on. */
export const within = <T>(work: Promise<T>, milliseconds: number): Promise<T | null> =>
  pTimeout(work, { milliseconds, fallback: () => null });
