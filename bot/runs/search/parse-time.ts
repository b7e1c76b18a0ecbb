import ms, { type StringValue } from 'ms';

const day = /^\d{4}-\d\d-\d\d$/;
const clock = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?$/i;
const zoned = /(Z|[+-]\d\d:?\d\d)$/i;
const ago = /^\d+ ?(m|min|h|d|w)$/;
const dayMs = 86_400_000;

/** How a time is typed, for whoever typed something else. */
export const timeForms =
  'a day such as 2026-11-01, a moment such as 2026-11-01T14:30 (UTC), or how long ago, such as 24h or 7d';

const isDate = (text: string): boolean => new Date(`${text}T00:00Z`).toJSON()?.slice(0, text.length) === text;

/**
 * A time as people type it, in milliseconds since the epoch; null when it is none. A day ends at its midnight,
 * so `until` a day includes it.
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
