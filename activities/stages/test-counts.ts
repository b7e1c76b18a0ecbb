const tests = (count: number): string => (count === 1 ? '1 test' : `${count} tests`);

/** "12 s" or "2 min 5 s", for people and not for benchmarks. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

export const describeExit = (exitCode: number | null): string =>
  exitCode === null ? 'it was ended from outside' : `it ended with exit code ${exitCode}`;

export const describeTestSuccess = (counts: TestCounts | null, ms: number): string =>
  counts && counts.passed > 0 ? `${tests(counts.passed)} passed` : `passed in ${formatDuration(ms)}`;

export const describeTestFailure = (counts: TestCounts | null, exitCode: number | null): string =>
  counts && counts.failed > 0
    ? `${counts.failed} of ${tests(counts.passed + counts.failed)} failed`
    : describeExit(exitCode);

/** What a test run said of itself. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

interface Reporter {
  readonly passed: RegExp;
  readonly failed: RegExp;
  /** Only in lines that look like this: "3 failed" alone is said by too many. */
  readonly in?: RegExp;
}

/** How the usual runners end. The first that recognises a line speaks for the whole run. */
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
  // The two ways of Go: -v names each test, else each package.
  goTests: { passed: /^--- (PASS): /, failed: /^--- (FAIL): / },
};

const number = (pattern: RegExp, line: string): number => {
  const found = pattern.exec(line)?.[1];
  if (found === undefined) return 0;
  return /^\d+$/.test(found) ? Number(found) : 1;
};

export interface TestCounter {
  add(line: string): void;
  /** null when nothing that was printed looked like a summary. */
  counts(): TestCounts | null;
}

/** Reads a test run's lines for its summary. Several summaries, one a package, are added up. */
export const createTestCounter = (): TestCounter => {
  const seen = new Map<string, TestCounts>();
  return {
    add(line) {
      for (const [name, reporter] of Object.entries(reporters)) {
        if (reporter.in && !reporter.in.test(line)) continue;
        const passed = number(reporter.passed, line);
        const failed = number(reporter.failed, line);
        if (passed + failed === 0) continue;
        const before = seen.get(name) ?? { passed: 0, failed: 0 };
        seen.set(name, { passed: before.passed + passed, failed: before.failed + failed });
      }
    },
    counts() {
      for (const name of Object.keys(reporters)) {
        const counts = seen.get(name);
        if (counts) return counts;
      }
      return null;
    },
  };
};
