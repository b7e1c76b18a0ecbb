import type { Request, RequestHandler, Response } from 'express';
import { readCookie, writeCookie } from './cookies.ts';
import type { AllowedHosts } from './hosts.ts';
import { HttpError } from './http-error.ts';
import { equalsConstantTime, randomToken, type Signer } from './signer.ts';

/** Rejects a request that no page of this server sent. Browsers set both headers, and no page can forge them. */
export const checkOrigin =
  (hosts: AllowedHosts): RequestHandler =>
  (request, _response, next) => {
    const { origin, host = '' } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const hasSource = origin !== undefined || site !== undefined;
    const isSameOrigin =
      (origin === undefined || hosts.isSameOrigin(origin, host)) &&
      (site === undefined || site === 'same-origin');
    if (hasSource && isSameOrigin) next();
    else
      next(
        new HttpError(403, 'Cross-site request blocked. Nothing was done. Open the console and try again.'),
      );
  };

const cookieName = 'quarterdeck_token';

/** A token that each form sends; the browser sends the same token as a cookie. */
export interface Csrf {
  /** The browser's token; sets a new one when it has none. */
  issue(request: Request, response: Response): string;
  readonly check: RequestHandler;
}

export const createCsrf = (signer: Signer, hosts: AllowedHosts): Csrf => {
  const readToken = (request: Request): string | null => {
    const cookie = readCookie(request, cookieName);
    return cookie !== null && signer.verify('csrf', cookie) !== null ? cookie : null;
  };

  return {
    issue(request, response) {
      const token = readToken(request);
      if (token !== null) return token;
      // A link on another site does not send the strict cookie. A new token here would invalidate
      // the forms in every other tab.
      if (request.headers['sec-fetch-site'] === 'cross-site') return '';
      const created = signer.sign('csrf', randomToken());
      writeCookie(response, cookieName, created, {
        sameSite: 'strict',
        secure: hosts.isHttps(request.headers.host),
      });
      return created;
    },
    check(request, _response, next) {
      const body: unknown = request.body;
      const inBody = typeof body === 'object' && body !== null && 'csrf' in body ? body.csrf : undefined;
      const given = request.headers['x-csrf-token'] ?? inBody;
      const token = readToken(request);
      if (token !== null && typeof given === 'string' && equalsConstantTime(given, token)) next();
      else next(new HttpError(403, 'This page has expired. Nothing was done. Reload it and try again.'));
    },
  };
};
