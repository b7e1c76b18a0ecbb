import type { IncomingMessage } from 'node:http';
import { type HTTPReceiver, verifySlackRequest } from '@slack/bolt';
import express, { type Express, type Request, type Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../runtime/logger.ts';
import { eventsPath } from './events-path.ts';

const bodyLimit = 1024 * 1024;
/** Slack's own rule for the past; the same for the future. */
const skewSeconds = 5 * 60;
/** A request may be as far in the future as in the past, and so be repeated for twice that time. */
const rememberMs = 2 * skewSeconds * 1000;

const form = 'application/x-www-form-urlencoded';

export interface RequestVerifierDeps {
  readonly app: Express;
  readonly signingSecret: string;
  readonly receiver: Pick<HTTPReceiver, 'requestListener'>;
  readonly logger: Logger;
  /** False once the bot is stopping. */
  readonly isAccepting: () => boolean;
}

const headerOf = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
};

const readBody = (request: Request, response: Response): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    express.raw({ type: () => true, limit: bodyLimit, inflate: false })(
      request,
      response,
      (error?: unknown) => {
        if (error) reject(error);
        else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      },
    );
  });

/**
 * The one door for what Slack sends: reads the body as it was signed, refuses what is stale, from the
 * future, forged or repeated, and hands the rest to Bolt, which therefore checks no signature again.
 */
export const mountRequestVerifier = (deps: RequestVerifierDeps): void => {
  const { app, signingSecret, receiver, logger, isAccepting: open } = deps;
  const seen = new LRUCache<string, true>({ max: 100_000, ttl: rememberMs });

  /** null when the request is Slack's and new, else what is wrong with it. */
  const judge = (request: IncomingMessage, body: string): string | null => {
    const signature = headerOf(request, 'x-slack-signature');
    const stamp = headerOf(request, 'x-slack-request-timestamp');
    if (signature === '' || !/^\d{1,12}$/.test(stamp)) return 'it is not signed';
    if (Number(stamp) > Date.now() / 1000 + skewSeconds) return 'it is from the future: check this clock';
    try {
      verifySlackRequest({
        signingSecret,
        body,
        headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(stamp) },
      });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    if (seen.has(signature)) return 'it was sent before';
    seen.set(signature, true);
    return null;
  };

  const refuse = (response: Response, status: number, why: string): void => {
    logger.warn({ status, why }, 'a request in the name of Slack was refused');
    response.status(status).end();
  };

  app.post(eventsPath, async (request: Request, response: Response) => {
    if (!open()) return refuse(response, 503, 'the bot is stopping');
    let body: Buffer;
    try {
      body = await readBody(request, response);
    } catch (error) {
      const status = error instanceof Error && 'status' in error ? Number(error.status) : 400;
      return refuse(response, status >= 400 && status < 500 ? status : 400, 'its body cannot be read');
    }
    const text = body.toString('utf8');
    const type = headerOf(request, 'content-type').split(';')[0]?.trim().toLowerCase();
    // Slack's test of our certificate comes unsigned and carries nothing.
    if (type === form && new URLSearchParams(text).get('ssl_check') === '1') {
      response.status(200).end();
      return;
    }
    const wrong = judge(request, text);
    if (wrong !== null) return refuse(response, 401, wrong);
    // Bolt compares the type as a whole; a charset after it would make it read JSON.
    if (type !== undefined) request.headers['content-type'] = type;
    receiver.requestListener(Object.assign(request, { rawBody: body }), response);
  });
};
