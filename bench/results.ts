/** One measurement beside its floor, both taken in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** What the same thing costs without Quarterdeck; null where there is nothing to compare with. */
  readonly floor: number | null;
  readonly unit: 'ms' | 's' | 'MB' | 'events' | 'kB';
  /** The ratio to the floor, or the value itself where there is no floor, that we want not to pass. */
  readonly aim: number;
}

/** Value over floor, or the value itself. */
export const score = (figure: Figure): number => (figure.floor ? figure.value / figure.floor : figure.value);

/** The value below which the share `q` of the samples lies. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
};
