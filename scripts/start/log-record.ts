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
    return null; // not one of our lines: a library's, or Node's own last words
  }
};

const isText = (part: unknown): part is string => typeof part === 'string' && part !== '';

/** A broken catalog may have hundreds; the whole list is in the log. */
const maxProblems = 3;

const firstOf = (problems: unknown): string | null => {
  const all = Array.isArray(problems) ? problems.filter(isText) : [];
  const more = all.length > maxProblems ? `; and ${all.length - maxProblems} more` : '';
  return all.length === 0 ? null : `${all.slice(0, maxProblems).join('; ')}${more}`;
};

const words = ({ msg, stage, workflowId, err, error, reason, why, problems }: LogRecord): string => {
  const where = [
    ...(isText(stage) ? [stage] : []),
    ...(isText(workflowId) ? [`run ${shortId(workflowId)}`] : []),
  ].join(', ');
  const what = [msg, ...(where ? [`(${where})`] : [])].filter(isText).join(' ');
  return [what, err?.message, error, reason, why, firstOf(problems)].filter(isText).join(': ');
};

/** A problem in a log line, in short; null when the line tells of none. */
export const getProblem = (line: string): string | null => {
  const record = parse(line);
  return record && typeof record.level === 'number' && record.level >= warn ? words(record) : null;
};

/** A line of a log for a person's eyes: the words of a record, or the line as it stands. */
export const formatLogLine = (line: string): string => {
  const record = parse(line);
  return record ? words(record) : line;
};
