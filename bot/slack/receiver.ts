import { HTTPReceiver, type Receiver, type Logger as SlackLogger, SocketModeReceiver } from '@slack/bolt';
import type { Express } from 'express';
import type { Logger } from '../../runtime/logger.ts';
import type { SlackConfig } from './config.ts';
import { mountRequestVerifier } from './request-verifier.ts';

/** How Slack's requests reach us. */
export interface SlackReceiver {
  readonly receiver: Receiver;
  start(): Promise<void>;
  stop(): Promise<void>;
  unreadyReason(): string | null;
}

export interface ReceiverDeps {
  readonly app: Express;
  readonly logger: Logger;
  readonly slackLogger: SlackLogger;
  readonly socketRetryMs?: number;
}

const createHttpReceiver = (
  signingSecret: string,
  { app, logger, slackLogger }: ReceiverDeps,
): SlackReceiver => {
  let open = true;
  const receiver = new HTTPReceiver({
    signingSecret,
    // The front has checked it already, and more than Bolt does.
    signatureVerification: false,
    logger: slackLogger,
  });
  mountRequestVerifier({
    app,
    signingSecret,
    receiver,
    logger,
    isAccepting: () => open,
  });
  return {
    receiver,
    start: async () => {},
    stop: async () => {
      open = false;
    },
    unreadyReason: () => null,
  };
};

/** For development: Slack's library reconnects by itself once it was connected. */
const createSocketReceiver = (appToken: string, apiUrl: string, deps: ReceiverDeps): SlackReceiver => {
  const { logger, slackLogger, socketRetryMs = 5000 } = deps;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: slackLogger,
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 0 } },
    },
  });
  let stopped = false;
  let connected = false;
  let timer: NodeJS.Timeout | null = null;
  receiver.client.on('connected', () => {
    connected = true;
  });
  for (const state of ['reconnecting', 'disconnected'])
    receiver.client.on(state, () => {
      connected = false;
    });
  const connect = async (): Promise<void> => {
    try {
      await receiver.start();
    } catch (error) {
      logger.warn({ error: String(error) }, 'Socket Mode is not connected; it is tried again');
      if (stopped) return;
      timer = setTimeout(() => void connect(), socketRetryMs);
      timer.unref();
    }
  };
  return {
    receiver,
    start: async () => {
      void connect();
    },
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await receiver.client.disconnect();
    },
    unreadyReason: () => (connected ? null : 'Socket Mode is not connected'),
  };
};

export const createReceiver = (config: SlackConfig, deps: ReceiverDeps): SlackReceiver =>
  config.mode === 'http'
    ? createHttpReceiver(config.signingSecret, deps)
    : createSocketReceiver(config.appToken, config.apiUrl, deps);
