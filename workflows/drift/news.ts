import type { DriftFinding, DriftMemory, DriftNews } from '../contract/drift.ts';

/** A finding, or why there is none. */
export type Seen =
  | DriftFinding
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null };

interface Decision {
  /** null: people know it already. */
  readonly news: DriftNews | null;
  /** What they know once they are told. */
  readonly known: Omit<DriftMemory, 'untold'>;
}

const ofDrift = (
  { digest, failing }: DriftMemory,
  seen: Extract<Seen, { kind: 'drifted' }>,
): DriftNews | null => {
  if (digest === null) return { kind: 'appeared', summary: seen.summary };
  if (digest !== seen.digest) return { kind: 'changed', summary: seen.summary };
  return failing ? { kind: 'works_again' } : null;
};

/** Each thing is told once: a drift that appears, becomes another or goes, and a comparison that fails. */
export const decideNews = (memory: DriftMemory, seen: Seen): Decision => {
  const { digest, failing } = memory;
  if (seen.kind === 'failed') return { news: failing ? null : seen, known: { digest, failing: true } };
  if (seen.kind === 'drifted')
    return { news: ofDrift(memory, seen), known: { digest: seen.digest, failing: false } };
  const news = digest !== null ? 'gone' : failing ? 'works_again' : null;
  return { news: news && { kind: news }, known: { digest: null, failing: false } };
};
