const labels = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

const lines = ({ level, subject: what, text, fix: todo }: Finding): readonly string[] => [
  `${labels[level]}  ${what}: ${text}`,
  ...(todo && level !== 'ok' ? [`      ${todo}`] : []),
];

/** A check that breaks down is a finding too: one trouble must not hide the others. */
const safely = async (check: Check): Promise<readonly Finding[]> => {
  try {
    return await check();
  } catch (error) {
    return [fail('doctor', toReason(error), 'This is a mistake in the doctor itself; please report it.')];
  }
};

/** Runs every check side by side: the lines to print, and whether deployments can work. */
export const runChecks = async (
  checks: readonly Check[],
): Promise<{ readonly lines: readonly string[]; readonly healthy: boolean }> => {
  const findings = (await Promise.all(checks.map(safely))).flat();
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  return {
    lines: [
      ...findings.flatMap(lines),
      '',
      `${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failures`,
    ],
    healthy: count('fail') === 0,
  };
};

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
