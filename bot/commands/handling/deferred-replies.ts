import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../../runtime/logger.ts';
import { toPlatformName } from '../../delivery/subscribers.ts';
import { ChatError } from '../../platform/errors.ts';
import type { CommandRequest, Platform, Reply } from '../../platform/platform.ts';

/** Delivers replies that missed their deadline. */
export interface DeferredReplies {
  deliver(request: CommandRequest, reply: Promise<Reply>): void;
  /** Resolves when all of them are delivered, or given up. */
  settled(): Promise<void>;
}

const maxAttempts = 3;

/** The same for both deliveries of a command that a chat delivers twice, so its reply is posted once. */
const toPart = ({ idempotencyKey }: CommandRequest): string => `late-${idempotencyKey}`.slice(0, 200);

export const createDeferredReplies = (
  platforms: () => readonly Platform[],
  logger: Logger,
): DeferredReplies => {
  const pending = new Set<Promise<void>>();

  const post = async (call: CommandRequest, reply: Reply): Promise<void> => {
    if (call.deliverDeferredReply !== undefined) return call.deliverDeferredReply(reply);
    const { card, workflowId } = reply;
    const platform = platforms().find(({ name }) => name === toPlatformName(call.conversation));
    if (platform === undefined) return;
    let deliveryUncertain = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await platform.post(call.conversation, card, {
          workflowId: workflowId ?? '',
          part: toPart(call),
          deliveryUncertain,
        });
        return;
      } catch (error) {
        if (!(error instanceof ChatError) || error.kind === 'permanent' || attempt === maxAttempts)
          throw error;
        deliveryUncertain ||= error.kind === 'uncertain';
        await pause(error.retryAfterMs ?? 2000);
      }
    }
  };

  return {
    deliver(call, reply) {
      const delivery = reply
        .then((answer) => post(call, answer))
        .catch((error: unknown) => {
          logger.warn({ conversation: call.conversation, err: error }, 'deferred reply not delivered');
        })
        .finally(() => pending.delete(delivery));
      pending.add(delivery);
    },
    settled: async () => {
      await Promise.all(pending);
    },
  };
};
