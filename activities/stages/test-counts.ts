/** How many tests passed and failed, as the test runner reports it. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

interface Reporter {
  readonly passed: RegExp;
  readonly failed: RegExp;
  /** Only lines like this count: "3 failed" alone is too common. */
  readonly in?: RegExp;
}

/** The summaries of common test runners. The first runner with a matching line counts. */
const reporters: Readonly<Record<string, Reporter>> = {
  vitest: { in: /^\s*Tests\s+\d/, passed: /(\d+) passed/, failed: /(\d+) failed/ },
  jest: { in: /^\s*Tests:\s+\d/, passed: /(\d+) passed/, failed: /(\d+) failed/ },
  node: { in: /^\s*[#ℹ] (pass|fail) \d+$/, passed: /pass (\d+)$/, failed: /fail (\d+)$/ },
  pytest: {
    in: /\bin \d+[.\d]*s(econds)?\b.*=*$/,
    passed: /(\d+) passed/,
    failed: /(\d+) (?:failed|errors?)/,
  },
  mocha: { in: /^\s*\d+ (passing|failing)\b/, passed: /(\d+) passing/, failed: /(\d+) failing/ },
  cargo: { in: /^test result: /, passed: /(\d+) passed/, failed: /(\d+) failed/ },
  // With -v, Go prints a line for each test, otherwise for each package.
  goTests: { passed: /^--- (PASS): /, failed: /^--- (FAIL): / },
};

const number = (pattern: RegExp, line: string): number => {
  const found = pattern.exec(line)?.[1];
  if (found === undefined) return 0;
  return /^\d+$/.test(found) ? Number(found) : 1;
};

/** Counts tests from the lines of a test run. */
export interface TestCounter {
  add(line: string): void;
  /** null if no line looked like a summary. */
  counts(): TestCounts | null;
}

/** Creates a counter for one test run. It adds up several summaries, such as one for each package. */
export const createTestCounter = (): TestCounter => {
  const countsByRunner = new Map<string, TestCounts>();
  return {
    add(line) {
      for (const [name, reporter] of Object.entries(reporters)) {
        if (reporter.in && !reporter.in.test(line)) continue;
        const passed = number(reporter.passed, line);
        const failed = number(reporter.failed, line);
        if (passed + failed === 0) continue;
        const before = countsByRunner.get(name) ?? { passed: 0, failed: 0 };
        countsByRunner.set(name, { passed: before.passed + passed, failed: before.failed + failed });
      }
    },
    counts() {
      for (const name of Object.keys(reporters)) {
        const counts = countsByRunner.get(name);
        if (counts) return counts;
      }
      return null;
    },
  };
};

const pluralizeTests = (count: number): string => (count === 1 ? '1 test' : `${count} tests`);

/** A duration in milliseconds as "12 s" or "2 min 5 s", at least one second. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** How a command ended: "exit code 2" or "killed by a signal". */
export const describeExit = (exitCode: number | null): string =>
  exitCode === null ? 'killed by a signal' : `exit code ${exitCode}`;

/** "42 tests passed", or the duration if the counts are unknown. */
export const describeTestSuccess = (counts: TestCounts | null, ms: number): string =>
  counts && counts.passed > 0 ? `${pluralizeTests(counts.passed)} passed` : `passed in ${formatDuration(ms)}`;

/** "2 of 42 tests failed", or how the command ended if the counts are unknown. */
export const describeTestFailure = (counts: TestCounts | null, exitCode: number | null): string =>
  counts && counts.failed > 0
    ? `${counts.failed} of ${pluralizeTests(counts.passed + counts.failed)} failed`
    : describeExit(exitCode);
