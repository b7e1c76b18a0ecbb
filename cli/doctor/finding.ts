/** One line of the report. */
export interface Finding {
  /** `warn`: a feature is limited or not set up. `fail`: deployments will not work. */
  readonly level: 'ok' | 'warn' | 'fail';
  /** What was checked: "Temporal". */
  readonly subject: string;
  readonly text: string;
  /** How to fix it. */
  readonly fix?: string;
}

export type Check = () => Promise<readonly Finding[]>;

export const ok = (subject: string, text: string): Finding => ({ level: 'ok', subject, text });

export const warn = (subject: string, text: string, fix: string): Finding => ({
  level: 'warn',
  subject,
  text,
  fix,
});

export const fail = (subject: string, text: string, fix: string): Finding => ({
  level: 'fail',
  subject,
  text,
  fix,
});

/** The first line of an error, without control characters, at most 300 characters. */
export const toReason = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n', 1)[0] ?? '').replaceAll(/\p{Cc}/gu, ' ').slice(0, 300);
};

const labels = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

const toLines = ({ level, subject, text, fix }: Finding): readonly string[] => [
  `${labels[level]}  ${subject}: ${text}`,
  ...(fix && level !== 'ok' ? [`      ${fix}`] : []),
];

/** A check that throws becomes a finding, so that it does not hide the others. */
const runCheck = async (check: Check): Promise<readonly Finding[]> => {
  try {
    return await check();
  } catch (error) {
    return [fail('doctor', toReason(error), 'The doctor itself has a bug. Please report it.')];
  }
};

/** The report of a list of checks, as lines to print. */
export interface Report {
  readonly lines: readonly string[];
  /** False when a check failed. */
  readonly healthy: boolean;
}

export const runChecks = async (checks: readonly Check[]): Promise<Report> => {
  const findings = (await Promise.all(checks.map(runCheck))).flat();
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  return {
    lines: [
      ...findings.flatMap(toLines),
      '',
      `${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failures`,
    ],
    healthy: count('fail') === 0,
  };
};
