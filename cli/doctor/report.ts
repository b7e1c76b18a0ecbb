import { type Check, type Finding, fail, toReason } from './finding.ts';

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
