import { closestMatch } from '../../../activities/catalog/closest-match.ts';
import { type RunStatus, runStatuses } from '../../../workflows/contract/run-status.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { RunSearch } from '../port.ts';
import { parseTime, timeForms } from './parse-time.ts';

const names = ['service', 'environment', 'status', 'requester', 'since', 'until', 'page'] as const;

/** A search as it was typed, in an address or after a word. */
export type TypedSearch = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** The parts of a search, in the order in which they are said. */
export const searchParts: readonly (keyof TypedSearch)[] = names;

/** What was asked for, or one sentence on what was typed wrongly. */
export type ReadSearch = { readonly search: RunSearch } | { readonly problem: string };

const mostPages = 1000;

const quote = (typed: string): string => `“${truncateMiddle(typed, 40)}”`;

const readStatus = (typed: string): RunStatus | null => {
  const word = typed.toLowerCase().replaceAll(/[\s-]+/g, '_');
  return runStatuses.find((status) => status === word) ?? null;
};

const unknownStatus = (typed: string): string => {
  const meant = closestMatch(typed.toLowerCase(), runStatuses);
  const help = meant === null ? `They are: ${runStatuses.join(', ')}.` : `Did you mean ${meant}?`;
  return `${quote(typed)} is not a status. ${help}`;
};

const isPage = (typed: string): boolean =>
  /^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= mostPages;

/** `now` is milliseconds since the epoch. */
export const readSearch = (typed: TypedSearch, pageSize: number, now: number): ReadSearch => {
  const status = typed.status === undefined ? undefined : readStatus(typed.status);
  if (status === null) return { problem: unknownStatus(typed.status ?? '') };
  const times: Partial<Record<'since' | 'until', number>> = {};
  for (const edge of ['since', 'until'] as const) {
    const text = typed[edge];
    if (text === undefined) continue;
    const at = parseTime(text, edge, now);
    if (at === null) return { problem: `${quote(text)} is not a time. Type ${timeForms}.` };
    times[edge] = at;
  }
  const { service, environment, page = '1' } = typed;
  const requester = typed.requester?.toLowerCase();
  if (requester !== undefined && !requester.includes('@'))
    return {
      problem: `${quote(requester)} is not a work e-mail, by which those who ask for runs are known.`,
    };
  if (!isPage(page)) return { problem: `${quote(page)} is not a page: pages go from 1 to ${mostPages}.` };
  return {
    search: {
      ...(service === undefined ? {} : { service }),
      ...(environment === undefined ? {} : { environment }),
      ...(status === undefined ? {} : { status }),
      ...(requester === undefined ? {} : { requester }),
      ...times,
      page: Number(page),
      pageSize,
    },
  };
};
