import type { RequestHandler } from 'express';
import type { AllowedHosts } from './hosts.ts';
import { HttpError } from './http-error.ts';

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
