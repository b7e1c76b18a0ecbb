import { expect, test } from 'vitest';
import { createTestCounter } from './test-counts.ts';

const countsOf = (output: string) => {
  const counter = createTestCounter();
  for (const line of output.split('\n')) counter.add(line);
  return counter.counts();
};

test.each([
  ['node:test, spec', 'ℹ tests 5\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 0', 4, 1],
  ['node:test, tap', '# tests 3\n# pass 3\n# fail 0', 3, 0],
  ['vitest', ' Test Files  1 failed | 6 passed (7)\n      Tests  2 failed | 41 passed (43)', 41, 2],
  ['vitest, all good', ' Test Files  7 passed (7)\n      Tests  42 passed (42)', 42, 0],
  [
    'jest',
    'Test Suites: 1 failed, 2 passed, 3 total\nTests:       1 failed, 1 skipped, 40 passed, 42 total',
    40,
    1,
  ],
  ['jest in two packages', 'Tests:       4 passed, 4 total\nTests:       1 failed, 6 passed, 7 total', 10, 1],
  ['mocha', '  12 passing (34ms)\n  1 pending\n  2 failing', 12, 2],
  ['pytest', '=========== 1 failed, 41 passed, 2 skipped in 1.23s ===========', 41, 1],
  ['pytest -q', '42 passed in 0.12s', 42, 0],
  ['pytest that could not collect', '======= 2 errors in 0.05s =======', 0, 2],
  [
    'go test -v',
    '=== RUN   TestA\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/sub (0.00s)\n--- FAIL: TestB (0.10s)',
    1,
    1,
  ],
  [
    'cargo',
    'test result: ok. 5 passed; 0 failed; 0 ignored\ntest result: ok. 2 passed; 0 failed; 1 ignored',
    7,
    0,
  ],
])('the summary of %s is read', (_runner, output, passed, failed) => {
  expect(countsOf(output)).toEqual({ passed, failed });
});

test.each([
  '',
  'all fine',
  '3 passed the salt',
  'I am passing 3 by',
  'ok  \texample.com/x\t0.3s',
  'Tests are slow: 3 passed',
])('%j is not read as a summary', (output) => {
  expect(countsOf(output)).toBeNull();
});
