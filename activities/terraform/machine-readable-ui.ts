import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { ArtifactStore } from '../artifacts/port.ts';

/**
 * Adds to a stored log what could be made fit to show only after the command had ended. The log as it
 * was is better than none, so a store that fails now costs no more than the addition.
 */
export const appendToLog = async (
  artifacts: ArtifactStore,
  log: ArtifactRef | null,
  lines: readonly string[],
): Promise<ArtifactRef | null> => {
  if (log === null || lines.length === 0) return log;
  async function* whole(ref: ArtifactRef) {
    yield* await artifacts.open(ref);
    yield Buffer.from(`\n${lines.join('\n')}\n`);
  }
  return artifacts.put(log.key, Readable.from(whole(log), { objectMode: false })).catch(() => log);
};

/** What Terraform complains about. Its quotations of code and values are left out. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly address: string | null;
  readonly location: string | null;
}

const maxDiagnostics = 50;
const maxDetailLength = 4000;

/** A provisioner's command line and output may hold anything; how it ended is enough. */
const withoutOutput = (summary: string, detail: string): string =>
  /provisioner error/i.test(summary) ? (/exit status \d+/.exec(detail)?.[0] ?? '') : detail;

const toDiagnostic = ({ severity, summary, detail = '', address, range }: RawDiagnostic): Diagnostic => ({
  severity,
  summary,
  detail: withoutOutput(summary, detail).slice(0, maxDetailLength).trim(),
  address: address ?? null,
  location: range ? `${range.filename} line ${range.start.line}` : null,
});

/** Collects the diagnostics of one command. */
export const createDiagnostics = () => {
  const all: Diagnostic[] = [];
  return {
    add(raw: RawDiagnostic): void {
      if (all.length < maxDiagnostics) all.push(toDiagnostic(raw));
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
export const formatDiagnostic = ({
  severity,
  summary,
  detail,
  address,
  location: place,
}: Diagnostic): readonly string[] => [
  `${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`,
  ...(place ? [`  in ${place}`] : []),
  ...(address ? [`  with ${address}`] : []),
  ...detail
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  ${line}`),
];

/** One line of Terraform's `-json` output, as far as we read it. */
export interface UiLine {
  readonly type: string;
  readonly '@message': string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action?: string };
  readonly diagnostic?: RawDiagnostic;
}

export interface RawDiagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** null: it is not one of Terraform's lines, and so nothing that may be shown. */
export const parseUiLine = (line: string): UiLine | null => {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = JSON.parse(line) as Partial<UiLine>;
    return typeof parsed.type === 'string' && typeof parsed['@message'] === 'string'
      ? (parsed as UiLine)
      : null;
  } catch {
    return null;
  }
};

/** Values may be in these: a provisioner's output, an error's words, an output's value. */
const silent = new Set(['version', 'diagnostic', 'provision_progress', 'refresh_complete', 'outputs']);

/** The line as it goes into the log: a resource's id may be a secret. */
export const toLogLine = (line: UiLine): string | null =>
  silent.has(line.type) ? null : line['@message'].replace(/\s*\[id=.*\]\s*$/s, '');
