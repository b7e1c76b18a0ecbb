/** The last lines of a log that fit, and how many come before them. */
export const fitLastLines = (
  lines: readonly string[],
  room: number,
  sizeOf: (line: string) => number,
): { readonly shown: readonly string[]; readonly left: number } => {
  const short = lines.map((line) => truncateMiddle(line, 500));
  let from = short.length;
  let used = 0;
  while (from > 0) {
    const size = sizeOf(short[from - 1] ?? '');
    if (used + size > room) break;
    used += size;
    from -= 1;
  }
  return { shown: short.slice(from), left: from };
};

/** At most `limit` characters, cut at the end; never empty, because chats refuse empty text. */
export const truncateEnd = (text: string, limit: number): string => {
  const line = toPlainText(text);
  if (line.trim() === '') return '–';
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`.toWellFormed();
};

/** Like `truncateEnd`, but keeps line breaks. */
export const truncateLines = (text: string, limit: number): string => {
  const lines = text.split(/\r?\n/).map(toPlainText).join('\n');
  if (lines.trim() === '') return '–';
  return lines.length <= limit ? lines : `${lines.slice(0, limit - 1)}…`.toWellFormed();
};

// Bidi controls can change how a line reads, so they are shown as escapes.
const unseen = /(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const reveal = (character: string): string =>
  /\s/u.test(character) && character !== '\ufeff'
    ? ' '
    : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** One line without line breaks and hidden characters. */
export const toPlainText = (text: string): string => text.replace(unseen, reveal).toWellFormed();

/** At most `limit` characters, cut in the middle: addresses differ most at their ends. */
export const truncateMiddle = (text: string, limit: number): string => {
  const line = toPlainText(text);
  if (line.length <= limit) return line;
  const head = Math.ceil((limit - 1) / 2);
  // toWellFormed replaces half of a character that the cut split.
  return `${line.slice(0, head)}…${line.slice(line.length - (limit - 1 - head))}`.toWellFormed();
};

/** "1 resource", "2 resources". */
export const pluralize = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
