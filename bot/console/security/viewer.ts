import type { Request, Response } from 'express';
import type { Person } from '../../../workflows/contract/person.ts';
import type { Csrf } from './csrf.ts';
import type { AllowedHosts } from './hosts.ts';
import { HttpError } from './http-error.ts';
import type { Identity } from './identity.ts';

/** Who opened a page, and what they may do there. */
export interface Viewer {
  /** null: the page is read-only. */
  readonly person: Person | null;
  /** The users that the page can switch to. */
  readonly people: readonly Person[];
  /** The CSRF token for every form. Empty when the browser may hold one that it did not send. */
  readonly csrf: string;
}

/** Decides what the sender of a request may do. */
export interface ViewerAccess {
  resolve(request: Request, response: Response): Viewer;
  /** @throws HttpError 403 where the console is read-only. */
  assertWritable(request: Request): void;
  /** The person who submits a form. @throws HttpError 403 where the console is read-only, 409 when `as` is not the current user. */
  requireActor(request: Request, as: string): Person;
}

export interface ViewerAccessDeps {
  /** False: another chat is connected, and the console is read-only. */
  readonly interactive: boolean;
  readonly hosts: AllowedHosts;
  readonly identity: Identity;
  readonly csrf: Csrf;
}

export const createViewerAccess = ({
  interactive,
  hosts,
  identity,
  csrf,
}: ViewerAccessDeps): ViewerAccess => {
  const isWritable = (request: Request): boolean => interactive && hosts.allowsCommands(request.headers.host);

  const assertWritable = (request: Request): void => {
    if (!isWritable(request)) throw new HttpError(403, 'This console is read-only here. Nothing was done.');
  };

  return {
    resolve: (request, response) =>
      isWritable(request)
        ? {
            person: identity.getPerson(request),
            people: identity.people(),
            csrf: csrf.issue(request, response),
          }
        : { person: null, people: [], csrf: '' },
    assertWritable,
    requireActor(request, as) {
      assertWritable(request);
      // Two tabs share one user: a form counts only for the user that its page showed.
      const person = identity.getPerson(request);
      if (person.id === as) return person;
      throw new HttpError(
        409,
        `You switched to ${person.name} in another tab. Nothing was done. Reload this page.`,
      );
    },
  };
};
