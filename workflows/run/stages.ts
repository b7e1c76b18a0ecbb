import type { StageResult } from '../contract/activities.ts';
import type { StageName, StageState, StageView } from '../contract/stage.ts';

/** How a stage ended, for its row. */
export type StageOutcome = { readonly state: StageState } & Partial<StageResult>;

const untouched = (name: StageName, attempt: number): StageView => ({
  name,
  state: 'pending',
  startedAt: null,
  endedAt: null,
  detail: null,
  tail: [],
  log: null,
  attempt,
});

/** The table of stages that a card lists. */
export const createStages = (names: readonly StageName[], now: () => number) => {
  const rows = new Map<StageName, StageView>(names.map((name) => [name, untouched(name, 0)]));
  const row = (name: StageName): StageView => rows.get(name) ?? untouched(name, 0);
  const put = (name: StageName, change: Partial<StageView>) => rows.set(name, { ...row(name), ...change });

  return {
    /** Where a failure that came before every stage is shown. */
    first: names[0] ?? 'notify_users',
    list: (): readonly StageView[] => [...rows.values()],
    state: (name: StageName): StageState => row(name).state,
    isDone: (name: StageName): boolean => ['succeeded', 'skipped'].includes(row(name).state),
    /** Returns which attempt this is, from 1. */
    begin: (name: StageName): number => {
      const attempt = row(name).attempt + 1;
      rows.set(name, { ...untouched(name, attempt), state: 'running', startedAt: now() });
      return attempt;
    },
    /** Takes a number without touching the row: for work in a stage's name outside its turn. */
    takeAttempt: (name: StageName): number => {
      const attempt = row(name).attempt + 1;
      put(name, { attempt });
      return attempt;
    },
    end: (name: StageName, { state, detail, tail, log }: StageOutcome): void => {
      put(name, {
        state,
        endedAt: now(),
        detail: detail ?? null,
        tail: (tail ?? []).slice(-20),
        log: log ?? null,
      });
    },
    skip: (name: StageName, detail: string): void => {
      rows.set(name, { ...untouched(name, row(name).attempt), state: 'skipped', detail });
    },
    /** Puts stages back to the start; they keep counting their attempts. */
    reset: (names: readonly StageName[]): void => {
      for (const name of names) rows.set(name, untouched(name, row(name).attempt));
    },
  };
};
