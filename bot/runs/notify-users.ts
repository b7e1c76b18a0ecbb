import { ApplicationFailure } from '@temporalio/common';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import { ChatError } from '../errors.ts';
import type { Publish } from './publisher.ts';

const waitOf = (failures: readonly unknown[]): number | null =>
  failures.reduce<number | null>((longest, failure) => {
    const asked = failure instanceof ChatError ? failure.retryAfterMs : null;
    return asked === null ? longest : Math.max(longest ?? 0, asked);
  }, null);

/**
 * The activity `notify_users`. A repeat is harmless: what a conversation shows already is left alone.
 * It fails until everybody was told, so that Temporal tries again for as long as the chat is away.
 */
export const createNotifyUsers =
  (publish: Publish, follow: (workflowId: string) => void): ChatActivities['notifyUsers'] =>
  async ({ workflowId, kind }) => {
    follow(workflowId);
    const { failures } = await publish(workflowId);
    if (failures.length === 0) return;
    const [first] = failures;
    const wait = waitOf(failures);
    throw ApplicationFailure.create({
      message: `telling people of ${kind}: ${first instanceof Error ? first.message : String(first)}`,
      type: 'ChatUnavailable',
      ...(first instanceof Error ? { cause: first } : {}),
      ...(wait === null ? {} : { nextRetryDelay: wait }),
    });
  };
