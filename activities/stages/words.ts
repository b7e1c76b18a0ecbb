import type { TestCounts } from './test-counts.ts';

const tests = (count: number): string => (count === 1 ? '1 test' : `${count} tests`);

/** "12 s" or "2 min 5 s", for people and not for benchmarks. */
export const inSeconds = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

export const endedWith = (exitCode: number | null): string =>
  exitCode === null ? 'it was ended from outside' : `it ended with exit code ${exitCode}`;

export const passedDetail = (counts: TestCounts | null, ms: number): string =>
  counts && counts.passed > 0 ? `${tests(counts.passed)} passed` : `passed in ${inSeconds(ms)}`;

export const failedWords = (counts: TestCounts | null, exitCode: number | null): string =>
  counts && counts.failed > 0
    ? `${counts.failed} of ${tests(counts.passed + counts.failed)} failed`
    : endedWith(exitCode);
