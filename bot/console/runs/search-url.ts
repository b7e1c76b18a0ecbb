import { searchParts, type TypedSearch } from '../../runs/search/read-search.ts';

const maxQueryLength = 200;

/** The search that an address carries, as it was typed. */
export const readSearchQuery = (query: URLSearchParams): TypedSearch =>
  Object.fromEntries(
    searchParts.flatMap((part) => {
      const text = query.get(part)?.trim().slice(0, maxQueryLength) ?? '';
      return text === '' ? [] : [[part, text]];
    }),
  );

/** The address of a list. */
export const toRunsUrl = (typed: TypedSearch): string => {
  const query = new URLSearchParams();
  for (const part of searchParts) if (typed[part]) query.set(part, typed[part]);
  return query.size === 0 ? '/runs' : `/runs?${query}`;
};
