import type { Activity, InvokeResponse } from 'botbuilder';
import type { OnTurn } from '../auth/turns.ts';
import type { References } from '../references.ts';
import { isFarewell } from './installs.ts';

interface Listeners {
  readonly references: Pick<References, 'remember' | 'forget'>;
  readonly hearMessages: (turnActivity: Activity) => Promise<void>;
  readonly answerInvokes: (turnActivity: Activity) => Promise<InvokeResponse>;
  readonly hearInstalls: (turnActivity: Activity) => void;
}

/** What Teams sends, by its type. Where it came from is remembered first: the answer goes there. */
export const createOnTurn =
  ({ references, hearMessages, answerInvokes, hearInstalls }: Listeners): OnTurn =>
  async (turn) => {
    const turnActivity = turn.activity;
    if (isFarewell(turnActivity)) return references.forget(turnActivity);
    await references.remember(turnActivity);
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
