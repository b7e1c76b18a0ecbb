/** One line of the doctor's report. */
export interface Finding {
  /** `warn`: something works less well, or only matters to some. `fail`: deployments will not work. */
  readonly level: 'ok' | 'warn' | 'fail';
  /** What was looked at: "Temporal". */
  readonly subject: string;
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}

export type Check = () => Promise<readonly Finding[]>;

export const ok = (what: string, text: string): Finding => ({ level: 'ok', subject: what, text });

export const warn = (what: string, text: string, todo: string): Finding => ({
  level: 'warn',
  subject: what,
  text,
  fix: todo,
});

export const fail = (what: string, text: string, todo: string): Finding => ({
  level: 'fail',
  subject: what,
  text,
  fix: todo,
});

/** The first line of an error, without control characters: it may come from anywhere. */
export const toReason = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n', 1)[0] ?? '').replaceAll(/\p{Cc}/gu, ' ').slice(0, 300);
};
