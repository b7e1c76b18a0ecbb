import type { IncomingMessage } from 'node:http';
import { HTTPReceiver, type Logger as SlackLogger, verifySlackRequest } from '@slack/bolt';
import express, { type Express, type Request, type Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../runtime/logger.ts';
import { createRejectRequest, readBody, toBodyErrorStatus } from '../platform/shared/incoming-request.ts';
import { eventsPath } from './config.ts';
import type { SlackReceiver } from './socket-receiver.ts';

const maxBodyBytes = 1024 * 1024;
/**
 * Slack's rule for the past; Quarterdeck applies it to the future too.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
const maxSkewSeconds = 5 * 60;
/** A request is valid from five minutes before to five minutes after its timestamp. */
const replayWindowMs = 2 * maxSkewSeconds * 1000;

const form = 'application/x-www-form-urlencoded';

export interface HttpReceiverDeps {
  readonly app: Express;
  readonly signingSecret: string;
  readonly logger: Logger;
  readonly slackLogger: SlackLogger;
}

const getHeader = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
};

/** Checks Slack's signature, the timestamp in both directions, and that no request is repeated. */
const createRequestVerifier = (signingSecret: string) => {
  const seen = new LRUCache<string, true>({ max: 100_000, ttl: replayWindowMs });

  /** null for a new request of Slack's, else the reason to reject it. */
  return (request: IncomingMessage, body: string): string | null => {
    const signature = getHeader(request, 'x-slack-signature');
    const timestamp = getHeader(request, 'x-slack-request-timestamp');
    if (signature === '' || !/^\d{1,12}$/.test(timestamp)) return 'no signature';
    if (Number(timestamp) > Date.now() / 1000 + maxSkewSeconds)
      return "timestamp is ahead of this server's clock";
    try {
      verifySlackRequest({
        signingSecret,
        body,
        headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) },
      });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    if (seen.has(signature)) return 'request was sent before';
    seen.set(signature, true);
    return null;
  };
};

/**
 * Slack's Request URL. Verifies each request and passes it to Bolt, whose own check is off: it accepts
 * timestamps in the future and repeated requests.
 */
export const createHttpReceiver = (deps: HttpReceiverDeps): SlackReceiver => {
  const { app, signingSecret, logger, slackLogger } = deps;
  const receiver = new HTTPReceiver({ signingSecret, signatureVerification: false, logger: slackLogger });
  const verify = createRequestVerifier(signingSecret);
  const reject = createRejectRequest('Slack', logger);
  const parse = express.raw({ type: () => true, limit: maxBodyBytes, inflate: false });
  let isStopping = false;

  app.post(eventsPath, async (request: Request, response: Response) => {
    if (isStopping) return reject(response, 503, 'the bot is stopping');
    let body: Buffer;
    try {
      const read = await readBody(parse, request, response);
      body = Buffer.isBuffer(read) ? read : Buffer.alloc(0);
    } catch (error) {
      return reject(response, toBodyErrorStatus(error), 'unreadable body');
    }
    const text = body.toString('utf8');
    const type = getHeader(request, 'content-type').split(';')[0]?.trim().toLowerCase();
    // Slack's check of the TLS certificate is unsigned and carries no command.
    if (type === form && new URLSearchParams(text).get('ssl_check') === '1') {
      response.status(200).end();
      return;
    }
    const reason = verify(request, text);
    if (reason !== null) return reject(response, 401, reason);
    // Bolt compares the whole header: with a charset in it, Bolt would parse the form as JSON.
    if (type !== undefined) request.headers['content-type'] = type;
    receiver.requestListener(Object.assign(request, { rawBody: body }), response);
  });

  return {
    receiver,
    start: () => Promise.resolve(),
    async stop() {
      isStopping = true;
    },
    unreadyReason: () => null,
  };
};
