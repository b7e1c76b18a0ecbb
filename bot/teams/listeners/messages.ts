import type { Activity } from 'botbuilder';
import { LRUCache } from 'lru-cache';
import { within } from '../../commands/handling/handle-request.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import type { Reply } from '../../platform/platform.ts';
import { parseMessage } from '../parse-message.ts';
import { missingReason, parseActionData, unknownAction } from './action-data.ts';
import type { ListenerDeps } from './deps.ts';
import { type ParsedCommand, toIdempotencyKey, toInvocation } from './invocation.ts';

const memoryMs = 15 * 60_000;

/** What people write, and what clients without Action.Execute send for a pressed button. */
export const createOnMessage = (deps: ListenerDeps) => {
  const { appId, replyTo, tell, inFlight, clickKey, answerWithinMs } = deps;
  // Teams sends a message again when it was not acknowledged in time.
  const heard = new LRUCache<string, true>({ max: 10_000, ttl: memoryMs });

  const ask = (turnActivity: Activity, key: string, wanted: ParsedCommand): Promise<Reply> =>
    replyTo(toInvocation(turnActivity, key, wanted, tell));

  const answerPress = async (turnActivity: Activity, key: string, value: object): Promise<Reply> => {
    const { verb, ...data }: { verb?: unknown } = value;
    const press = parseActionData(verb, data);
    switch (press.kind) {
      case 'command':
        return ask(turnActivity, clickKey(turnActivity, press), press);
      case 'refresh':
        return ask(turnActivity, key, { command: 'status', args: press.run });
      case 'unreasoned':
        return toErrorReply(missingReason);
      case 'strange':
        return toErrorReply(unknownAction);
      default:
        return press satisfies never;
    }
  };

  const answer = (turnActivity: Activity, key: string): Promise<Reply> => {
    const value: unknown = turnActivity.value;
    return typeof value === 'object' && value !== null
      ? answerPress(turnActivity, key, value)
      : ask(turnActivity, key, parseMessage(turnActivity, appId));
  };

  return async (turnActivity: Activity): Promise<void> => {
    const key = toIdempotencyKey(turnActivity);
    if (heard.has(key)) return;
    heard.set(key, true);
    const work = answer(turnActivity, key);
    void inFlight.track(async () => tell(turnActivity, await work));
    // Acknowledged when Temporal has it; the answer is a message of its own.
    await within(work, answerWithinMs);
  };
};
