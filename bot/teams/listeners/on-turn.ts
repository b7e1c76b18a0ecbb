import type { Activity, InvokeResponse } from 'botbuilder';
import pTimeout from 'p-timeout';
import type { Logger } from '../../../runtime/logger.ts';
import type { ConversationReferences } from '../conversation-references.ts';
import type { OnTurn } from '../messaging-endpoint.ts';
import { isUninstall } from './installation-updates.ts';

interface Listeners {
  readonly references: Pick<ConversationReferences, 'remember' | 'forget'>;
  readonly onMessage: (turnActivity: Activity) => Promise<void>;
  readonly onInvoke: (turnActivity: Activity) => Promise<InvokeResponse>;
  readonly onInstallationUpdate: (turnActivity: Activity) => void;
  readonly logger: Logger;
}

/** A store that is slow or unavailable does not delay the reply further. */
const rememberTimeoutMs = 300;

/** Handles an activity by its type. Its origin is stored first, because the reply is sent there. */
export const createOnTurn = (listeners: Listeners): OnTurn => {
  const { references, onMessage, onInvoke, onInstallationUpdate, logger } = listeners;

  const remember = async (turnActivity: Activity): Promise<void> => {
    const storing = references.remember(turnActivity).catch((error: unknown) => {
      logger.warn({ err: error }, 'a conversation reference cannot be stored');
    });
    await pTimeout(storing, { milliseconds: rememberTimeoutMs, fallback: () => undefined });
  };

  return async (turn) => {
    const turnActivity = turn.activity;
    if (isUninstall(turnActivity)) return references.forget(turnActivity);
    await remember(turnActivity);
    switch (turnActivity.type) {
      case 'message':
        return onMessage(turnActivity);
      case 'invoke':
        // The SDK takes the HTTP answer from this activity and sends nothing.
        await turn.sendActivity({ type: 'invokeResponse', value: await onInvoke(turnActivity) });
        return;
      default:
        onInstallationUpdate(turnActivity);
    }
  };
};
