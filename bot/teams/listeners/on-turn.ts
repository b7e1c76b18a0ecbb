import type { Activity, InvokeResponse } from 'botbuilder';
import type { Logger } from '../../../runtime/logger.ts';
import { within } from '../../commands/handling/handle-request.ts';
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

const rememberWithinMs = 300;

/** What Teams sends, by its type. Where it came from is remembered first: the answer goes there. */
export const createOnTurn = (listeners: Listeners): OnTurn => {
  const {
    references,
    onMessage: hearMessages,
    onInvoke: answerInvokes,
    onInstallationUpdate: hearInstalls,
    logger,
  } = listeners;

  /** A store that is slow or away keeps nobody from being answered. */
  const remember = async (turnActivity: Activity): Promise<void> => {
    const remembering = references.remember(turnActivity).catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'a conversation could not be remembered');
    });
    await within(remembering, rememberWithinMs);
  };

  return async (turn) => {
    const turnActivity = turn.activity;
    if (isUninstall(turnActivity)) return references.forget(turnActivity);
    await remember(turnActivity);
    switch (turnActivity.type) {
      case 'message':
        return hearMessages(turnActivity);
      case 'invoke':
        // How the SDK is told what the HTTP answer shall be; nothing is sent.
        await turn.sendActivity({ type: 'invokeResponse', value: await answerInvokes(turnActivity) });
        return;
      default:
        hearInstalls(turnActivity);
    }
  };
};
