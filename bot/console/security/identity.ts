import type { Request, Response } from 'express';
import type { Person } from '../../../workflows/contract/person.ts';
import type { GetCatalogSummary } from '../../commands/catalog-summary.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { AllowedHosts } from './hosts.ts';
import type { Signer } from './signer.ts';

const email = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/u;

/** "grace.hopper@example.com" is called "Grace Hopper". */
const toDisplayName = (id: string): string =>
  (id.split('@')[0] ?? id)
    .split(/[._+-]+/)
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ') || id;

/** Somebody by their work e-mail; null when that is none. */
export const toPerson = (id: string): Person | null => {
  const address = id.trim().toLowerCase();
  return email.test(address) ? { id: address, name: toDisplayName(address) } : null;
};

/** Used where the catalog names nobody. */
const operator: Person = { id: 'operator@localhost', name: 'Operator' };

/** Whom one can be here: everybody that the catalog names. Never empty; the first is the default. */
const listPeople = (outline: GetCatalogSummary): readonly [Person, ...Person[]] => {
  const known = (outline()?.people ?? []).flatMap((id) => toPerson(id) ?? []);
  const [first, ...others] = known;
  return first === undefined ? [operator] : [first, ...others];
};

const cookieName = 'quarterdeck_person';

/** Whom somebody has chosen to be. A stand-in for a login, for a demo on one's own machine only. */
export interface Identity {
  readonly people: () => readonly Person[];
  getPerson(request: Request): Person;
  /** null when there is nobody of that name to be. */
  switchTo(request: Request, response: Response, id: string): Person | null;
}

export const createIdentity = (signer: Signer, outline: GetCatalogSummary, hosts: AllowedHosts): Identity => {
  const people = () => listPeople(outline);
  return {
    people,
    getPerson(request) {
      const known = people();
      const cookie = readCookie(request, cookieName);
      const chosen = cookie === null ? null : signer.verify('person', cookie);
      return known.find(({ id }) => id === chosen) ?? known[0];
    },
    switchTo(request, response, id) {
      const person = people().find((one) => one.id === id) ?? null;
      const secure = hosts.isHttps(request.headers.host);
      if (person !== null)
        writeCookie(response, cookieName, signer.sign('person', person.id), { sameSite: 'lax', secure });
      return person;
    },
  };
};
