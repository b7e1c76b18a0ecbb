import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { isLoopbackHost } from '../runtime/loopback.ts';

/** Sends an error as JSON. `message` never quotes the request. */
export const refuse = (response: Response, status: number, message: string): void => {
  if (status === 401) response.set('www-authenticate', 'Bearer');
  response.status(status).json({ message });
};

export interface GuardOptions {
  /** The bearer token that callers need; null for local callers only. */
  readonly token: string | null;
  /** Origins of web pages that may call, for example Temporal's UI. */
  readonly origins: readonly string[];
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

const hasToken = (header: string | undefined, token: string): boolean => {
  const [, sent] = /^Bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  return sent !== undefined && timingSafeEqual(hash(sent), hash(token));
};

/** The host name in the Host header, without the port. */
const toHostName = (header: string | undefined): string =>
  URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname.replaceAll(/[[\]]/g, '') : '';

/**
 * Accepts web pages of the allowed origins only. CORS alone would hide the response from the page, but still
 * run the request; this guard rejects it first.
 */
const guardOrigin =
  (origins: readonly string[]): RequestHandler =>
  (request, response, next) => {
    const { origin } = request.headers;
    response.vary('Origin');
    if (origin === undefined) return next();
    if (!origins.includes(origin))
      return refuse(
        response,
        403,
        'this origin is not allowed: start the codec server with --web <its origin>',
      );
    response.set({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-namespace, authorization',
      'access-control-max-age': '600',
    });
    if (request.method !== 'OPTIONS') return next();
    response.status(204).end();
  };

/** Requires the token. Without a configured token, requires a loopback Host header. */
const guardCaller =
  (token: string | null): RequestHandler =>
  (request, response, next) => {
    if (token !== null)
      return hasToken(request.headers.authorization, token)
        ? next()
        : refuse(response, 401, 'send the header "Authorization: Bearer <CODEC_TOKEN>"');
    // DNS rebinding: a foreign host name that resolves to this machine would pass as same-origin.
    return isLoopbackHost(toHostName(request.headers.host))
      ? next()
      : refuse(response, 403, 'without CODEC_TOKEN, the codec server accepts localhost and 127.0.0.1 only');
  };

/** The checks in front of every codec request: origin, then caller. */
export const guard = ({ token, origins }: GuardOptions): readonly RequestHandler[] => [
  guardOrigin(origins),
  guardCaller(token),
];
