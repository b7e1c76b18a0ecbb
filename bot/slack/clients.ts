import type { Logger as SlackLogger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { SlackConfig } from './config.ts';

export type SlackClient = WebClient;

export interface SlackClients {
  /** Cards and threads. Of its own, for a 429 stops everything that shares a client. */
  readonly posting: SlackClient;
  /** What somebody waits for with a three second clock: windows and names. */
  readonly urgent: SlackClient;
  /** Home pages, direct answers, sign-in. */
  readonly background: SlackClient;
}

export interface Timeouts {
  readonly posting: number;
  readonly urgent: number;
}

const defaultTimeouts: Timeouts = { posting: 10_000, urgent: 1500 };

// No client tries again by itself: a repeated post is a second message, and the callers know better.
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
