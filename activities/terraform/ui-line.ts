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
export const readUiLine = (line: string): UiLine | null => {
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
export const logLine = (line: UiLine): string | null =>
  silent.has(line.type) ? null : line['@message'].replace(/\s*\[id=.*\]\s*$/s, '');
