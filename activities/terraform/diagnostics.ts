import type { RawDiagnostic } from './ui-line.ts';

/** What Terraform complains about. Its quotations of code and values are left out. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly address: string | null;
  readonly place: string | null;
}

const most = 50;
const longestDetail = 4000;

/** A provisioner's command line and output may hold anything; how it ended is enough. */
const withoutOutput = (summary: string, detail: string): string =>
  /provisioner error/i.test(summary) ? (/exit status \d+/.exec(detail)?.[0] ?? '') : detail;

const diagnosticOf = ({ severity, summary, detail = '', address, range }: RawDiagnostic): Diagnostic => ({
  severity,
  summary,
  detail: withoutOutput(summary, detail).slice(0, longestDetail).trim(),
  address: address ?? null,
  place: range ? `${range.filename} line ${range.start.line}` : null,
});

/** Collects the diagnostics of one command. */
export const createDiagnostics = () => {
  const all: Diagnostic[] = [];
  return {
    add(raw: RawDiagnostic): void {
      if (all.length < most) all.push(diagnosticOf(raw));
    },
    get all(): readonly Diagnostic[] {
      return all;
    },
    get errors(): readonly Diagnostic[] {
      return all.filter(({ severity }) => severity === 'error');
    },
  };
};

/** A diagnostic in lines for people. */
export const diagnosticLines = ({
  severity,
  summary,
  detail,
  address,
  place,
}: Diagnostic): readonly string[] => [
  `${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`,
  ...(place ? [`  in ${place}`] : []),
  ...(address ? [`  with ${address}`] : []),
  ...detail
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  ${line}`),
];
