const warn = 40;

interface LogRecord {
  readonly level?: unknown;
  readonly msg?: unknown;
  readonly err?: { readonly message?: unknown };
}

const parse = (line: string): LogRecord | null => {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' ? (record as LogRecord) : null;
  } catch {
    return null; // not one of our lines: a library's, or Node's own last words
  }
};

const words = ({ msg, err }: LogRecord): string =>
  [msg, err?.message].filter((part) => typeof part === 'string' && part !== '').join(': ');

/** A problem in a log line, in short; null when the line tells of none. */
export const problemIn = (line: string): string | null => {
  const record = parse(line);
  return record && typeof record.level === 'number' && record.level >= warn ? words(record) : null;
};

/** A line of a log for a person's eyes: the words of a record, or the line as it stands. */
export const readable = (line: string): string => {
  const record = parse(line);
  return record ? words(record) : line;
};
