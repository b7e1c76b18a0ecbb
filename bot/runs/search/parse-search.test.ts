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

describe('parsing a typed search', () => {
  test('every field of a search is parsed', () =>
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
    [{ status: 'faild' }, 'Unknown status “faild”. Did you mean failed?'],
    [{ status: 'xyzzy' }, 'Unknown status “xyzzy”. Statuses: queued, running,'],
    [{ since: 'yesterday' }, 'Invalid time “yesterday”. Use a day (2026-11-01)'],
    [{ until: '2026-02-30' }, 'Invalid time “2026-02-30”.'],
    [{ requester: 'ada' }, 'takes a work email or `me`; got “ada”'],
    [{ page: '0' }, 'Invalid page “0”'],
    [{ page: '1e3' }, 'Invalid page “1e3”'],
  ])('%o is rejected with a sentence', (typed, sentence) =>
    expect(read(typed)).toEqual({ problem: expect.stringContaining(sentence) }),
  );
});
