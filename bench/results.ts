/** One measurement and its floor, both measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** What the same costs without Quarterdeck; null without anything to compare with. */
  readonly floor: number | null;
  readonly unit: 'ms' | 's' | 'MB' | 'events' | 'kB';
  /** The limit for the ratio to the floor, or for the value when it has no floor. */
  readonly aim: number;
}

/** Value over floor, or the value itself. */
export const score = (figure: Figure): number => (figure.floor ? figure.value / figure.floor : figure.value);

/** The value that the share `q` of the samples does not exceed. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
};
