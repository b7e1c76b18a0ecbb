import { toErrorReply } from '../platform/error-reply.ts';
import { UserError } from '../platform/errors.ts';
import type { Dispatch, Invocation, Reply } from '../platform/platform.ts';

/** A dispatch that resolves the sender as the real one does, and answers with `answer`. */
export const createTestDispatch =
  (answer: (call: Invocation) => Promise<Reply>): Dispatch =>
  async ({ resolveActor, ...request }) => {
    try {
      const actor = await resolveActor();
      return await answer({ ...request, actor });
    } catch (error) {
      return toErrorReply(error instanceof UserError ? error : 'Internal error.');
    }
  };
