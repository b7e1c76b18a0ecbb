import type { Activity, InvokeResponse } from 'botbuilder';
import type { Logger } from '../../../runtime/logger.ts';
import { within } from '../../reply-to.ts';
import type { OnTurn } from '../auth/turns.ts';
import type { References } from '../references.ts';
import { isFarewell } from './installs.ts';

interface Listeners {
  readonly references: Pick<References, 'remember' | 'forget'>;
  readonly hearMessages: (turnActivity: Activity) => Promise<void>;
  readonly answerInvokes: (turnActivity: Activity) => Promise<InvokeResponse>;
  readonly hearInstalls: (turnActivity: Activity) => void;
  readonly logger: Logger;
}

const rememberWithinMs = 300;

/** What Teams sends, by its type. Where it came from is remembered first: the answer goes there. */
export const createOnTurn = (listeners: Listeners): OnTurn => {
  const { references, hearMessages, answerInvokes, hearInstalls, logger } = listeners;

  /** A store that is slow or away keeps nobody from being answered. */
  const remember = async (turnActivity: Activity): Promise<void> => {
    const remembering = references.remember(turnActivity).catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'a conversation could not be remembered');
    });
    await within(remembering, rememberWithinMs);
  };

  return async (turn) => {
    const turnActivity = turn.activity;
    if (isFarewell(turnActivity)) return references.forget(turnActivity);
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
