import type { Request, Response } from 'express';
import type { ConsoleParts } from '../console-parts.ts';
import type { Viewer } from '../viewer.ts';

/** Who looks, and whether they may do more than look. */
export const viewerOf = (
  { interactive, hosts, identity, csrf }: ConsoleParts,
  request: Request,
  response: Response,
): Viewer =>
  interactive && hosts.mayAct(request.headers.host)
    ? { person: identity.who(request), people: identity.people(), csrf: csrf.issue(request, response) }
    : { person: null, people: [], csrf: '' };
