/** Every status a run can have, in the order in which a run meets them. */
export const runStatuses = [
  'queued',
  'running',
  'awaiting_approval',
  'applying',
  'succeeded',
  'no_changes',
  'denied',
  'expired',
  'cancelled',
  'failed',
] as const;

export type RunStatus = (typeof runStatuses)[number];

const endings: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'no_changes',
  'denied',
  'expired',
  'cancelled',
  'failed',
]);

/** A run that has ended does nothing more by itself; a failed one may still be resumed by `retry`. */
export const hasEnded = (status: RunStatus): boolean => endings.has(status);
