import ms, { type StringValue } from 'ms';
import { closestMatch } from '../../../activities/catalog/closest-match.ts';
import { type RunStatus, runStatuses } from '../../../workflows/contract/run-status.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { RunSearch } from '../types.ts';

const day = /^\d{4}-\d\d-\d\d$/;
const clock = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?$/i;
const zoned = /(Z|[+-]\d\d:?\d\d)$/i;
const ago = /^\d+ ?(m|min|h|d|w)$/;
const dayMs = 86_400_000;

const timeFormats = 'a day (2026-11-01), a UTC time (2026-11-01T14:30) or an age (24h, 7d)';

const isDate = (text: string): boolean => new Date(`${text}T00:00Z`).toJSON()?.slice(0, text.length) === text;

/**
 * Milliseconds since the epoch; null when the text is not a time. `until` a day includes that day. `now` is
 * milliseconds since the epoch too.
 */
export const parseTime = (typed: string, edge: 'since' | 'until', now: number): number | null => {
  const text = typed.trim();
  if (ago.test(text)) return now - ms(text as StringValue);
  if (day.test(text)) {
    if (!isDate(text)) return null;
    return Date.parse(`${text}T00:00Z`) + (edge === 'until' ? dayMs : 0);
  }
  if (!clock.test(text) || !isDate(text.slice(0, 10))) return null;
  const at = Date.parse(zoned.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? null : at;
};

const names = ['service', 'environment', 'status', 'requester', 'since', 'until', 'page'] as const;

/** A search as a person typed it, as query parameters or as options of `status`. */
export type SearchInput = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** The fields of a search, in the order of display. */
export const searchFields: readonly (keyof SearchInput)[] = names;

/** The search, or a sentence about the first field that is invalid. */
export type ParsedSearch = { readonly search: RunSearch } | { readonly problem: string };

const maxPages = 1000;

const quote = (typed: string): string => `“${truncateMiddle(typed, 40)}”`;

const readStatus = (typed: string): RunStatus | null => {
  const name = typed.toLowerCase().replaceAll(/[\s-]+/g, '_');
  return runStatuses.find((status) => status === name) ?? null;
};

const unknownStatus = (typed: string): string => {
  const meant = closestMatch(typed.toLowerCase(), runStatuses);
  const help = meant === null ? `Statuses: ${runStatuses.join(', ')}.` : `Did you mean ${meant}?`;
  return `Unknown status ${quote(typed)}. ${help}`;
};

const isPage = (typed: string): boolean =>
  /^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= maxPages;

/** Checks every field of a search. `now` is milliseconds since the epoch. */
export const parseSearch = (typed: SearchInput, pageSize: number, now: number): ParsedSearch => {
  const status = typed.status === undefined ? undefined : readStatus(typed.status);
  if (status === null) return { problem: unknownStatus(typed.status ?? '') };
  const times: Partial<Record<'since' | 'until', number>> = {};
  for (const edge of ['since', 'until'] as const) {
    const text = typed[edge];
    if (text === undefined) continue;
    const at = parseTime(text, edge, now);
    if (at === null) return { problem: `Invalid time ${quote(text)}. Use ${timeFormats}.` };
    times[edge] = at;
  }
  const { service, environment, page = '1' } = typed;
  const requester = typed.requester?.toLowerCase();
  if (requester !== undefined && !requester.includes('@'))
    return {
      problem: `\`--by\` takes a work email or \`me\`; got ${quote(requester)}.`,
    };
  if (!isPage(page)) return { problem: `Invalid page ${quote(page)}. Use a number from 1 to ${maxPages}.` };
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
