import type { Request, Response } from 'express';

const maxAgeMs = 365 * 24 * 3_600_000;

/** One cookie of a request, or null. */
export const readCookie = (request: Request, name: string): string | null => {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
};

/** Sets a cookie that no script can read. */
export const writeCookie = (
  response: Response,
  name: string,
  value: string,
  options: { readonly sameSite: 'strict' | 'lax'; readonly secure: boolean },
): void => {
  response.cookie(name, value, { ...options, httpOnly: true, path: '/', maxAge: maxAgeMs, encode: String });
};
