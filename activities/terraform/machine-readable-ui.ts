import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { ArtifactStore } from '../artifacts/port.ts';

/**
 * One line of Terraform's `-json` output; only the fields that Quarterdeck reads.
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
export interface UiLine {
  readonly type: string;
  readonly '@message': string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action?: string };
  readonly diagnostic?: RawDiagnostic;
}

interface RawDiagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** null when the text is not a line of the protocol: it must not be shown. */
export const parseUiLine = (line: string): UiLine | null => {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = JSON.parse(line) as Partial<UiLine>;
    return typeof parsed.type === 'string' && typeof parsed['@message'] === 'string'
      ? (parsed as UiLine)
      : null;
  } catch {
    // A provisioner can print a line that only begins like JSON.
    return null;
  }
};

/** These may contain values: the output of a provisioner, the text of an error, the value of an output. */
const unloggedTypes = new Set(['version', 'diagnostic', 'provision_progress', 'refresh_complete', 'outputs']);

/** The line for the log, or null; without the resource's id, which may be secret. */
export const toLogLine = (line: UiLine): string | null =>
  unloggedTypes.has(line.type) ? null : line['@message'].replace(/\s*\[id=.*\]\s*$/s, '');

/** An error or warning of Terraform, without its quotations of code and values. */
export interface Diagnostic {
  /** `error` or `warning`. */
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  /** The resource's address. */
  readonly address: string | null;
  /** "main.tf line 3". */
  readonly location: string | null;
}

const maxDiagnostics = 50;
const maxDetailLength = 4000;

/** The command line and the output of a provisioner may contain anything, so only the exit status is kept. */
const removeProvisionerOutput = (summary: string, detail: string): string =>
  /provisioner error/i.test(summary) ? (/exit status \d+/.exec(detail)?.[0] ?? '') : detail;

const toDiagnostic = ({ severity, summary, detail = '', address, range }: RawDiagnostic): Diagnostic => ({
  severity,
  summary,
  detail: removeProvisionerOutput(summary, detail).slice(0, maxDetailLength).trim(),
  address: address ?? null,
  location: range ? `${range.filename} line ${range.start.line}` : null,
});

/** The diagnostics of one Terraform command, in order; at most 50. */
export interface Diagnostics {
  /** Keeps the line's diagnostic, if it has one. */
  collect(line: UiLine): void;
  readonly all: readonly Diagnostic[];
  readonly errors: readonly Diagnostic[];
}

/** Starts with none. */
export const createDiagnostics = (): Diagnostics => {
  const all: Diagnostic[] = [];
  return {
    collect({ diagnostic }) {
      if (diagnostic && all.length < maxDiagnostics) all.push(toDiagnostic(diagnostic));
    },
    all,
    get errors() {
      return all.filter(({ severity }) => severity === 'error');
    },
  };
};

/** The lines that show a diagnostic in a log or on a card. */
export const formatDiagnostic = ({
  severity,
  summary,
  detail,
  address,
  location,
}: Diagnostic): readonly string[] => [
  `${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`,
  ...(location ? [`  in ${location}`] : []),
  ...(address ? [`  with ${address}`] : []),
  ...detail
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  ${line}`),
];

/**
 * Adds lines to a stored log: those that could be redacted only after the command had ended. Returns the
 * reference of the longer log. If the store fails, returns the old reference: only the addition is lost.
 */
export const appendToLog = async (
  artifacts: ArtifactStore,
  log: ArtifactRef | null,
  lines: readonly string[],
): Promise<ArtifactRef | null> => {
  if (log === null || lines.length === 0) return log;
  async function* readExtended(ref: ArtifactRef) {
    yield* await artifacts.open(ref);
    yield Buffer.from(`\n${lines.join('\n')}\n`);
  }
  return artifacts.put(log.key, Readable.from(readExtended(log), { objectMode: false })).catch(() => log);
};
