import type { Request, Response } from 'express';
import type { Person } from '../../../workflows/contract/person.ts';
import type { GetCatalogSummary } from '../../commands/command.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { AllowedHosts } from './hosts.ts';
import type { Signer } from './signer.ts';

const email = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/u;

/** "grace.hopper@example.com" becomes "Grace Hopper". */
const toDisplayName = (id: string): string =>
  (id.split('@')[0] ?? id)
    .split(/[._+-]+/)
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ') || id;

/** A person by their work email; null when it is not an email address. */
export const toPerson = (id: string): Person | null => {
  const address = id.trim().toLowerCase();
  return email.test(address) ? { id: address, name: toDisplayName(address) } : null;
};

/** The only user where the catalog lists no people. */
const operator: Person = { id: 'operator@localhost', name: 'Operator' };

/** The users to choose from: everyone whom the catalog lists. Never empty; the first is the default. */
const listPeople = (getCatalogSummary: GetCatalogSummary): readonly [Person, ...Person[]] => {
  const known = (getCatalogSummary()?.people ?? []).flatMap((id) => toPerson(id) ?? []);
  const [first, ...others] = known;
  return first === undefined ? [operator] : [first, ...others];
};

const cookieName = 'quarterdeck_person';

/** The user whom a browser has chosen. This replaces a sign-in on a local demo; it proves nothing. */
export interface Identity {
  readonly people: () => readonly Person[];
  getPerson(request: Request): Person;
  /** null when the catalog does not list the person. */
  switchTo(request: Request, response: Response, id: string): Person | null;
}

export const createIdentity = (
  signer: Signer,
  getCatalogSummary: GetCatalogSummary,
  hosts: AllowedHosts,
): Identity => {
  const people = () => listPeople(getCatalogSummary);
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
