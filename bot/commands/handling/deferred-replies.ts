import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../../runtime/logger.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Invocation, Platform, Reply } from '../../platform/platform.ts';
import { platformName } from '../../runs/audience.ts';

/** Answers that came too late for the asker to be kept waiting. */
export interface DeferredReplies {
  deliver(call: Invocation, reply: Promise<Reply>): void;
  /** When all of them have been told. */
  settled(): Promise<void>;
}

const tries = 3;

/** The name of the message: an invocation that was delivered twice is answered once. */
const partOf = ({ idempotencyKey: key }: Invocation): string => `late-${key}`.slice(0, 200);

export const createDeferredReplies = (
  platforms: () => readonly Platform[],
  logger: Logger,
): DeferredReplies => {
  const underway = new Set<Promise<void>>();

  const post = async (call: Invocation, reply: Reply): Promise<void> => {
    if (call.deliverDeferredReply !== undefined) return call.deliverDeferredReply(reply);
    const { card, workflowId } = reply;
    const platform = platforms().find(({ name }) => name === platformName(call.conversation));
    if (platform === undefined) return;
    let deliveryUncertain = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await platform.post(call.conversation, card, {
          workflowId: workflowId ?? '',
          part: partOf(call),
          deliveryUncertain,
        });
        return;
      } catch (error) {
        if (!(error instanceof ChatError) || error.kind === 'permanent' || attempt === tries) throw error;
        deliveryUncertain ||= error.kind === 'uncertain';
        await pause(error.retryAfterMs ?? 2000);
      }
    }
  };

  return {
    deliver(call, reply) {
      const told = reply
        .then((answer) => post(call, answer))
        .catch((error: unknown) => {
          logger.warn(
            { conversation: call.conversation, error: String(error) },
            'a late answer was not delivered',
          );
        })
        .finally(() => underway.delete(told));
      underway.add(told);
    },
    settled: async () => {
      await Promise.all(underway);
    },
  };
};
