import type { Logger } from '../../../runtime/logger.ts';
import type { InFlight } from '../../in-flight.ts';
import type { ReplyTo } from '../../reply-to.ts';
import type { SlackClients } from '../clients.ts';
import type { Respond } from '../respond.ts';

/** What every listener is made from. */
export interface ListenerDeps {
  readonly replyTo: ReplyTo<string>;
  readonly tell: Respond;
  readonly clients: SlackClients;
  readonly showHome: (user: string) => Promise<void>;
  readonly inFlight: InFlight;
  readonly logger: Logger;
  /** How long Slack is kept waiting for its acknowledgement; it gives up after three seconds. */
  readonly ackWithinMs: number;
}
