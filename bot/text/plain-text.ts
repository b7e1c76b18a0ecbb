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

/** At most `limit` characters, the end cut; never empty, for chats refuse or drop empty text. */
export const truncateEnd = (text: string, limit: number): string => {
  const line = toPlainText(text);
  if (line.trim() === '') return '–';
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`.toWellFormed();
};

/** Like `head`, but its line breaks stay. */
export const truncateLines = (text: string, limit: number): string => {
  const lines = text.split(/\r?\n/).map(toPlainText).join('\n');
  if (lines.trim() === '') return '–';
  return lines.length <= limit ? lines : `${lines.slice(0, limit - 1)}…`.toWellFormed();
};

// Bidi controls can make a line read as something else, so they are shown instead of obeyed.
const unseen = /(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const reveal = (character: string): string =>
  /\s/u.test(character) && character !== '\ufeff'
    ? ' '
    : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** One line that shows what it holds: no line breaks, no hidden characters. */
export const toPlainText = (text: string): string => text.replace(unseen, reveal).toWellFormed();

/** At most `limit` characters, cut in the middle, where addresses differ least. */
export const truncateMiddle = (text: string, limit: number): string => {
  const line = toPlainText(text);
  if (line.length <= limit) return line;
  const head = Math.ceil((limit - 1) / 2);
  // toWellFormed mends a character that the cut split in two.
  return `${line.slice(0, head)}…${line.slice(line.length - (limit - 1 - head))}`.toWellFormed();
};

/** "1 resource", "2 resources". */
export const pluralize = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
