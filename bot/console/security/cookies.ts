import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';

const maxAgeMs = 365 * 24 * 3_600_000;

/** The value of a request's cookie, or null. */
export const readCookie = (request: Request, name: string): string | null =>
  parseCookie(request.headers.cookie ?? '')[name] ?? null;

/** Sets a cookie that no script can read. */
export const writeCookie = (
  response: Response,
  name: string,
  value: string,
  options: { readonly sameSite: 'strict' | 'lax'; readonly secure: boolean },
): void => {
  response.cookie(name, value, { ...options, httpOnly: true, path: '/', maxAge: maxAgeMs, encode: String });
};
