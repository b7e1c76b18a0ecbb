import type { Logger } from '../../../runtime/logger.ts';
import type { CardLinks } from '../../cards/run-buttons.ts';
import type { RequestHandler } from '../../commands/handling/handle-request.ts';
import type { PendingWork } from '../../commands/handling/pending-work.ts';
import type { Runs } from '../../runs/types.ts';
import type { ResolveUser, Sender } from '../resolve-user.ts';
import type { ClickKey } from './invocation.ts';
import type { Respond } from './respond.ts';

/** What every listener is made from. */
export interface ListenerDeps {
  readonly appId: string;
  readonly replyTo: RequestHandler<Sender>;
  readonly findPerson: ResolveUser;
  readonly runs: Pick<Runs, 'get'>;
  readonly links: CardLinks;
  readonly tell: Respond;
  readonly clickKey: ClickKey;
  readonly inFlight: PendingWork;
  readonly logger: Logger;
  /** How long Teams is kept waiting, with everything that an answer needs. */
  readonly answerWithinMs: number;
}
