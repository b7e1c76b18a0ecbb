import { truncateMiddle } from '../text/plain-text.ts';

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
