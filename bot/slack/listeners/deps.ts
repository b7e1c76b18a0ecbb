import type { Logger } from '../../../runtime/logger.ts';
import type { RequestHandler } from '../../commands/handling/handle-request.ts';
import type { PendingWork } from '../../commands/handling/pending-work.ts';
import type { SlackClients } from '../clients.ts';
import type { Respond } from '../respond.ts';

/** What every listener is made from. */
export interface ListenerDeps {
  readonly replyTo: RequestHandler<string>;
  readonly tell: Respond;
  readonly clients: SlackClients;
  readonly showHome: (user: string) => Promise<void>;
  readonly inFlight: PendingWork;
  readonly logger: Logger;
  /** How long Slack is kept waiting for its acknowledgement; it gives up after three seconds. */
  readonly ackWithinMs: number;
}
