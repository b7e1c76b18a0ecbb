import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { Publish } from './publisher.ts';
import { untold } from './untold.ts';

/**
 * The activity `notify_users`. A repeat is harmless: what a conversation shows already is left alone.
 * It fails until everybody was told, so that Temporal tries again for as long as the chat is away.
 */
export const createNotifyUsers =
  (publish: Publish, follow: (workflowId: string) => void): ChatActivities['notifyUsers'] =>
  async ({ workflowId, kind }) => {
    follow(workflowId);
    const { failures } = await publish(workflowId);
    if (failures.length > 0) throw untold(kind, failures);
  };
