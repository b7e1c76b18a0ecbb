import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Logger } from '../../runtime/logger.ts';
import type { SlackConfig } from './config.ts';

export type SlackClient = WebClient;

/** One client per kind of request: Slack's 429 pauses every request of the client that received it. */
export interface SlackClients {
  /** Cards and threads. */
  readonly posting: SlackClient;
  /** Dialogs and user look-ups: a person waits for three seconds at most. */
  readonly urgent: SlackClient;
  /** Home pages, late replies and the connection check. */
  readonly background: SlackClient;
}

/** Milliseconds that one request may take. */
export interface Timeouts {
  readonly posting: number;
  readonly urgent: number;
}

const defaultTimeouts: Timeouts = { posting: 10_000, urgent: 1500 };

/** No client retries: a repeated post is a second message, and the callers know whether one may exist. */
export const createClients = (
  { botToken, apiUrl }: Pick<SlackConfig, 'botToken' | 'apiUrl'>,
  logger: SlackLogger,
  timeouts: Timeouts = defaultTimeouts,
): SlackClients => {
  const client = (timeout: number): SlackClient =>
    new WebClient(botToken, {
      slackApiUrl: apiUrl,
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger,
    });
  return {
    posting: client(timeouts.posting),
    urgent: client(timeouts.urgent),
    background: client(timeouts.posting),
  };
};

const maxLogLine = 1000;

/** Passes the Slack libraries' log on, without their debug level: it contains whole payloads. */
export const createSlackLogger = (logger: Logger): SlackLogger => {
  const toLine = (parts: readonly unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, maxLogLine);
  return {
    debug() {},
    info(...parts) {
      logger.debug(toLine(parts));
    },
    warn(...parts) {
      logger.warn(toLine(parts));
    },
    error(...parts) {
      logger.error(toLine(parts));
    },
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
};
