import { shortId } from '../../bot/text/run-name.ts';

const warn = 40;

interface LogRecord {
  readonly level?: unknown;
  readonly msg?: unknown;
  readonly err?: { readonly message?: unknown };
  readonly error?: unknown;
  readonly reason?: unknown;
  readonly why?: unknown;
  readonly problems?: unknown;
  readonly stage?: unknown;
  readonly workflowId?: unknown;
}

const parse = (line: string): LogRecord | null => {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' ? (record as LogRecord) : null;
  } catch {
    return null; // not JSON: a line of a library, or Node's last output
  }
};

const isText = (part: unknown): part is string => typeof part === 'string' && part !== '';

/** An invalid catalog can have hundreds; the log has all of them. */
const maxProblems = 3;

const joinProblems = (problems: unknown): string | null => {
  const all = Array.isArray(problems) ? problems.filter(isText) : [];
  const more = all.length > maxProblems ? `; and ${all.length - maxProblems} more` : '';
  return all.length === 0 ? null : `${all.slice(0, maxProblems).join('; ')}${more}`;
};

const formatRecord = ({ msg, stage, workflowId, err, error, reason, why, problems }: LogRecord): string => {
  const where = [
    ...(isText(stage) ? [stage] : []),
    ...(isText(workflowId) ? [`run ${shortId(workflowId)}`] : []),
  ].join(', ');
  const what = [msg, ...(where ? [`(${where})`] : [])].filter(isText).join(' ');
  return [what, err?.message, error, reason, why, joinProblems(problems)].filter(isText).join(': ');
};

/** The problem in a log line, in short; null when the line is not a warning or an error. */
export const getProblem = (line: string): string | null => {
  const record = parse(line);
  return record && typeof record.level === 'number' && record.level >= warn ? formatRecord(record) : null;
};

/** A log line for the terminal: the message of a record, or the line itself. */
export const formatLogLine = (line: string): string => {
  const record = parse(line);
  return record ? formatRecord(record) : line;
};
