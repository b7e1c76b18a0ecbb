import { describe, expect, test } from 'vitest';
import { parseSearch, parseTime, type SearchInput } from './parse-search.ts';

const now = Date.UTC(2026, 10, 27, 15, 20);
const read = (typed: SearchInput) => parseSearch(typed, 10, now);

describe('times', () => {
  test.each([
    ['7d', now - 7 * 86_400_000],
    ['24h', now - 86_400_000],
    ['90m', now - 5_400_000],
    ['2026-11-01', Date.UTC(2026, 10, 1)],
    ['2026-11-01T14:30', Date.UTC(2026, 10, 1, 14, 30)],
    ['2026-11-01 14:30', Date.UTC(2026, 10, 1, 14, 30)],
    ['2026-11-01T14:30Z', Date.UTC(2026, 10, 1, 14, 30)],
    ['2026-11-01T14:30:05+02:00', Date.UTC(2026, 10, 1, 12, 30, 5)],
  ])('%s is one', (typed, at) => expect(parseTime(typed, 'since', now)).toBe(at));

  test('until a day includes that day', () =>
    expect(parseTime('2026-11-01', 'until', now)).toBe(Date.UTC(2026, 10, 2)));

  test.each(['yesterday', '7', '7 parsecs', '2026-02-30', '2026-13-01', '2026-11-01T25:00', '', '-7d'])(
    '“%s” is none',
    (typed) => expect(parseTime(typed, 'since', now)).toBeNull(),
  );
});

describe('a search as it was typed', () => {
  test('is read whole', () =>
    expect(
      read({
        service: 'web',
        environment: 'production',
        status: 'No-Changes',
        requester: 'Ada@Example.com',
        since: '1d',
        page: '3',
      }),
    ).toEqual({
      search: {
        service: 'web',
        environment: 'production',
        status: 'no_changes',
        requester: 'ada@example.com',
        since: now - 86_400_000,
        page: 3,
        pageSize: 10,
      },
    }));

  test.each([
    [{ status: 'faild' }, '“faild” is not a status. Did you mean failed?'],
    [{ status: 'xyzzy' }, '“xyzzy” is not a status. They are: queued, running,'],
    [{ since: 'yesterday' }, '“yesterday” is not a time. Type a day such as'],
    [{ until: '2026-02-30' }, '“2026-02-30” is not a time.'],
    [{ requester: 'ada' }, '“ada” is not a work e-mail'],
    [{ page: '0' }, '“0” is not a page'],
    [{ page: '1e3' }, '“1e3” is not a page'],
  ])('%o is refused in words', (typed, sentence) =>
    expect(read(typed)).toEqual({ problem: expect.stringContaining(sentence) }),
  );
});
