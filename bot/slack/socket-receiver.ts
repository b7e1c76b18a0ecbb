import { type Receiver, type Logger as SlackLogger, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '../../runtime/logger.ts';

/** How Slack's requests reach the bot. */
export interface SlackReceiver {
  /** Bolt's own interface: https://docs.slack.dev/tools/bolt-js/concepts/receiver */
  readonly receiver: Receiver;
  start(): Promise<void>;
  /** Accepts no new request. */
  stop(): Promise<void>;
  /** null while requests can arrive. */
  unreadyReason(): string | null;
}

export interface SocketReceiverDeps {
  readonly appToken: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly slackLogger: SlackLogger;
  /** Wait after a failed first connection; later, Slack's library reconnects on its own. */
  readonly retryMs?: number;
}

const requestTimeoutMs = 10_000;

/** Socket Mode, for development: Slack's requests arrive over a WebSocket, without a public address. */
export const createSocketReceiver = (deps: SocketReceiverDeps): SlackReceiver => {
  const { appToken, apiUrl, logger, slackLogger, retryMs = 5000 } = deps;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: slackLogger,
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, timeout: requestTimeoutMs, retryConfig: { retries: 0 } },
    },
  });
  let isStopping = false;
  let isConnected = false;
  let timer: NodeJS.Timeout | null = null;
  receiver.client.on('connected', () => {
    isConnected = true;
  });
  for (const state of ['reconnecting', 'disconnected'])
    receiver.client.on(state, () => {
      isConnected = false;
    });

  const connect = async (): Promise<void> => {
    try {
      await receiver.start();
    } catch (error) {
      logger.warn({ err: error }, 'Socket Mode did not connect; retrying');
      if (isStopping) return;
      timer = setTimeout(() => void connect(), retryMs);
      timer.unref();
    }
  };

  return {
    receiver,
    async start() {
      void connect();
    },
    async stop() {
      isStopping = true;
      if (timer !== null) clearTimeout(timer);
      await receiver.client.disconnect();
    },
    unreadyReason: () => (isConnected ? null : 'Socket Mode is not connected'),
  };
};
