import type { Request, RequestHandler, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../../runtime/logger.ts';

/** Runs one of Express's body parsers and returns the body; rejects when it cannot be read. */
export const readBody = (parse: RequestHandler, request: Request, response: Response): Promise<unknown> =>
  new Promise((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      if (error) reject(error);
      else resolve(request.body);
    });
  });

/** The status for a body that cannot be read: the parser's own (413, 415, …) or 400. */
export const toBodyErrorStatus = (error: unknown): number => {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 400;
  return status >= 400 && status < 500 ? status : 400;
};

/** Rejects a request with a bare status; only the log names the reason. */
export type RejectRequest = (response: Response, status: number, reason: string) => void;

export const createRejectRequest =
  (chat: string, logger: Logger): RejectRequest =>
  (response, status, reason) => {
    logger.warn({ status, reason }, `rejected a request sent as ${chat}`);
    response.status(status).end();
  };

/** Chats deliver an event again for up to five minutes when our answer was late; three times that. */
const rememberMs = 15 * 60_000;

/** True for the first delivery of an event, false for every repetition. */
export type IsFirstDelivery = (eventId: string) => boolean;

export const createEventDedupe = (): IsFirstDelivery => {
  const seen = new LRUCache<string, true>({ max: 10_000, ttl: rememberMs });
  return (eventId) => {
    if (seen.has(eventId)) return false;
    seen.set(eventId, true);
    return true;
  };
};
