import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import type { AuthenticateRequestResult, BotFrameworkAuthentication } from 'botframework-connector';

export type OnTurn = (turn: TurnContext) => Promise<void>;

/** The SDK's adapter, entered only with what was authenticated; says what an invoke answered. */
export class TeamsAdapter extends CloudAdapter {
  // The SDK's own default is an authentication that lets everybody in.
  constructor(auth: BotFrameworkAuthentication) {
    super(auth);
  }

  processAuthenticated(
    authentic: AuthenticateRequestResult,
    turnActivity: Activity,
    onTurn: OnTurn,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(authentic, turnActivity, onTurn);
  }
}
