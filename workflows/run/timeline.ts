import type { RunEvent } from '../contract/run-event.ts';

/** The reason given with the newest decision, or null. */
export const latestReason = (events: readonly RunEvent[]): string | null => {
  const decision = events.findLast(
    (event) => event.kind === 'approved' || event.kind === 'denied' || event.kind === 'cancelled',
  );
  return decision && 'reason' in decision ? decision.reason : null;
};
