import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { isLoopbackHost } from '../runtime/loopback.ts';

/** An answer in words for people and tools, never with a word of what was sent. */
export const refuse = (response: Response, status: number, message: string): void => {
  if (status === 401) response.set('www-authenticate', 'Bearer');
  response.status(status).json({ message });
};

export interface GuardOptions {
  readonly token: string | null;
  /** Of web pages that may ask. */
  readonly origins: readonly string[];
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

const bears = (header: string | undefined, token: string): boolean => {
  const [, borne] = /^Bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  return borne !== undefined && timingSafeEqual(hash(borne), hash(token));
};

/** The name by which we were called, without the port. */
const calledAs = (header: string | undefined): string =>
  URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname.replaceAll(/[[\]]/g, '') : '';

/**
 * Web pages: only those of the origins given may ask. A page of another is refused before anything is read,
 * also where its browser would only have kept the answer from it.
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
        'this web page may not ask: start the codec server with --web <its origin>',
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

/** Whoever asks must bear the token; without one, they must have called this machine by its own name. */
const guardCaller =
  (token: string | null): RequestHandler =>
  (request, response, next) => {
    if (token !== null)
      return bears(request.headers.authorization, token)
        ? next()
        : refuse(response, 401, 'send the header "Authorization: Bearer <CODEC_TOKEN>"');
    // A name of somebody's own that leads here would make their page one of ours.
    return isLoopbackHost(calledAs(request.headers.host))
      ? next()
      : refuse(response, 403, 'without CODEC_TOKEN it answers to localhost and 127.0.0.1 alone');
  };

export const guard = ({ token, origins }: GuardOptions): readonly RequestHandler[] => [
  guardOrigin(origins),
  guardCaller(token),
];
