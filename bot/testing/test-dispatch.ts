import { createLogger } from '../../runtime/logger.ts';
import { createDeferredReplies } from '../commands/handling/deferred-replies.ts';
import { createDispatch } from '../commands/handling/dispatch.ts';
import { commandSpecs } from '../commands/index.ts';
import { toErrorReply } from '../platform/error-reply.ts';
import { UserError } from '../platform/errors.ts';
import type { Dispatch, Invocation, Reply } from '../platform/platform.ts';

type Answer = (call: Invocation) => Promise<Reply>;

/** A dispatch that resolves the sender as the real one does, and answers with `answer`. */
export const createTestDispatch =
  (answer: Answer): Dispatch =>
  async ({ resolveActor, ...request }) => {
    try {
      const actor = await resolveActor();
      return await answer({ ...request, actor });
    } catch (error) {
      return toErrorReply(error instanceof UserError ? error : 'Internal error.');
    }
  };

/** The real dispatch with its deadline and deferred replies; every command answers with `answer`. */
export const createTestDispatcher = (answer: Answer) => {
  const logger = createLogger('test', 'silent');
  const deferred = createDeferredReplies(() => [], logger);
  const commands = commandSpecs.map((spec) => ({ ...spec, run: answer }));
  const dispatch = createDispatch({ commands, deferReply: deferred.deliver, logger });
  return { dispatch, settled: () => deferred.settled() };
};
