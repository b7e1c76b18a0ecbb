import type { Request, Response } from 'express';
import type { Person } from '../../../workflows/contract/person.ts';
import type { GetCatalogSummary } from '../../commands/catalog-summary.ts';
import { choosePeople } from '../people.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { Hosts } from './hosts.ts';
import type { Signer } from './sign.ts';

const cookieName = 'quarterdeck_person';

/** Whom somebody has chosen to be. A stand-in for a login, for a demo on one's own machine only. */
export interface Identity {
  readonly people: () => readonly Person[];
  who(request: Request): Person;
  /** null when there is nobody of that name to be. */
  become(request: Request, response: Response, id: string): Person | null;
}

export const createIdentity = (signer: Signer, outline: GetCatalogSummary, hosts: Hosts): Identity => {
  const people = () => choosePeople(outline);
  return {
    people,
    who(request) {
      const known = people();
      const cookie = readCookie(request, cookieName);
      const chosen = cookie === null ? null : signer.open('person', cookie);
      return known.find(({ id }) => id === chosen) ?? known[0];
    },
    become(request, response, id) {
      const person = people().find((one) => one.id === id) ?? null;
      const secure = hosts.isHttps(request.headers.host);
      if (person !== null)
        writeCookie(response, cookieName, signer.seal('person', person.id), { sameSite: 'lax', secure });
      return person;
    },
  };
};
