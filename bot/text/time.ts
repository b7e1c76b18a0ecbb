/** "5 Mar 2026, 14:22 UTC": one absolute time for all readers of a card. */
export const formatTime = (at: number): string =>
  new Date(at).toUTCString().replace(/^\w+, 0?(\d+ \w+ \d+) (\d\d:\d\d).*$/, '$1, $2 UTC');

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** "1m 12s", "2h", "0s": the two largest units. */
export const formatDuration = (ms: number): string => {
  const parts: string[] = [];
  let rest = Math.max(0, ms);
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ') || '0s';
};
