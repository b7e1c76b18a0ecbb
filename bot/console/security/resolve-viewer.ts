import type { Request, Response } from 'express';
import type { Person } from '../../../workflows/contract/person.ts';
import type { ConsoleParts } from '../console-parts.ts';

/** Who looks at a page, and what they may do there. */
export interface Viewer {
  /** null: the dashboard beside another chat, where nothing can be done. */
  readonly person: Person | null;
  /** Whom else one can be. */
  readonly people: readonly Person[];
  /** Goes into every form. Empty when the browser may hold one that it did not send with this request. */
  readonly csrf: string;
}

/** Who looks, and whether they may do more than look. */
export const resolveViewer = (
  { interactive, hosts, identity, csrf }: ConsoleParts,
  request: Request,
  response: Response,
): Viewer =>
  interactive && hosts.allowsCommands(request.headers.host)
    ? { person: identity.getPerson(request), people: identity.people(), csrf: csrf.issue(request, response) }
    : { person: null, people: [], csrf: '' };
