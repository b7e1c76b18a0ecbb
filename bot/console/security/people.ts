import type { Person } from '../../../workflows/contract/person.ts';
import type { GetCatalogSummary } from '../../commands/catalog-summary.ts';

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
export const listPeople = (outline: GetCatalogSummary): readonly [Person, ...Person[]] => {
  const known = (outline()?.people ?? []).flatMap((id) => toPerson(id) ?? []);
  const [first, ...others] = known;
  return first === undefined ? [operator] : [first, ...others];
};
