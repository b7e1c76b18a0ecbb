import type { Request, RequestHandler, Response } from 'express';
import { readCookie, writeCookie } from './cookies.ts';
import type { AllowedHosts } from './hosts.ts';
import { HttpError } from './http-error.ts';
import { equalsConstantTime, randomToken, type Signer } from './signer.ts';

/** A change is taken only from a page of our own: a browser says where a request comes from, and cannot be talked out of it. */
export const checkOrigin =
  (hosts: AllowedHosts): RequestHandler =>
  (request, _response, next) => {
    const { origin, host = '' } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const named = origin !== undefined || site !== undefined;
    const ours =
      (origin === undefined || hosts.isSameOrigin(origin, host)) &&
      (site === undefined || site === 'same-origin');
    if (named && ours) next();
    else next(new HttpError(403, 'This did not come from a page of the console, so nothing was done.'));
  };

const cookieName = 'quarterdeck_token';

/** The token that a form must bring besides the cookie that the browser brings by itself. */
export interface Csrf {
  /** The browser's token; a new one is given to a browser that has none. */
  issue(request: Request, response: Response): string;
  readonly check: RequestHandler;
}

export const createCsrf = (signer: Signer, hosts: AllowedHosts): Csrf => {
  const held = (request: Request): string | null => {
    const cookie = readCookie(request, cookieName);
    return cookie !== null && signer.verify('csrf', cookie) !== null ? cookie : null;
  };

  return {
    issue(request, response) {
      const token = held(request);
      if (token !== null) return token;
      // A strict cookie stays at home when somebody follows a link from elsewhere: a new one here
      // would make the forms of every other tab worthless.
      if (request.headers['sec-fetch-site'] === 'cross-site') return '';
      const fresh = signer.sign('csrf', randomToken());
      writeCookie(response, cookieName, fresh, {
        sameSite: 'strict',
        secure: hosts.isHttps(request.headers.host),
      });
      return fresh;
    },
    check(request, _response, next) {
      const body: unknown = request.body;
      const inBody = typeof body === 'object' && body !== null && 'csrf' in body ? body.csrf : undefined;
      const given = request.headers['x-csrf-token'] ?? inBody;
      const token = held(request);
      if (token !== null && typeof given === 'string' && equalsConstantTime(given, token)) next();
      else next(new HttpError(403, 'This page is too old for that. Load it again, then press once more.'));
    },
  };
};
