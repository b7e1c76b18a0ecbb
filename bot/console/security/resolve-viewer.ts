import type { Request, Response } from 'express';
import type { ConsoleParts } from '../console-parts.ts';
import type { Viewer } from './viewer.ts';

/** Who looks, and whether they may do more than look. */
export const resolveViewer = (
  { interactive, hosts, identity, csrf }: ConsoleParts,
  request: Request,
  response: Response,
): Viewer =>
  interactive && hosts.allowsCommands(request.headers.host)
    ? { person: identity.getPerson(request), people: identity.people(), csrf: csrf.issue(request, response) }
    : { person: null, people: [], csrf: '' };
