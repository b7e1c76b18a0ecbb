import type { StageResult } from '../contract/activities.ts';
import type { Conversation } from '../contract/conversation.ts';
import type { Person } from '../contract/person.ts';
import type { RunEvent, RunFact } from '../contract/run-event.ts';
import type { RunStatus } from '../contract/run-status.ts';
import type { RunKind, RunView } from '../contract/run-view.ts';
import type { StageName, StageState, StageView } from '../contract/stage.ts';
import type { RunSubject } from '../contract/target.ts';

/** The outcome of a stage, for its row. */
type StageOutcome = { readonly state: StageState } & Partial<StageResult>;

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

/** The rows of stages that a card lists. */
const createStageTable = (names: readonly StageName[], now: () => number) => {
  const rows = new Map<StageName, StageView>(names.map((name) => [name, untouched(name, 0)]));
  const row = (name: StageName): StageView => rows.get(name) ?? untouched(name, 0);
  const put = (name: StageName, change: Partial<StageView>) => rows.set(name, { ...row(name), ...change });

  return {
    /** The row for a failure before the first stage. */
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
    /** Counts an attempt without changing the row, for extra work under a stage's name. */
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
    /** Resets rows to pending. They keep their attempt counts. */
    reset: (names: readonly StageName[]): void => {
      for (const name of names) rows.set(name, untouched(name, row(name).attempt));
    },
  };
};

/** Approximate share of a run's time. Waiting for approval counts as 0. */
const weights: Record<StageName, number> = {
  check_for_changes: 3,
  terraform_init: 5,
  refresh_repo: 7,
  install_packages: 15,
  perform_tests: 20,
  build_image: 15,
  terraform_plan: 15,
  evaluate_policy: 3,
  approval: 0,
  terraform_apply: 20,
  terraform_output: 2,
  notify_users: 0,
};

const getDoneWeight = ({ name, state }: StageView): number => {
  if (state === 'succeeded' || state === 'skipped') return weights[name];
  return state === 'running' ? weights[name] / 3 : 0;
};

/** Progress in percent, 0 to 100; 100 only for a successful end. */
const calculateProgress = (status: RunStatus, stages: readonly StageView[]): number => {
  if (status === 'succeeded' || status === 'no_changes') return 100;
  const total = stages.reduce((sum, { name }) => sum + weights[name], 0);
  const share = stages.reduce((sum, stage) => sum + getDoneWeight(stage), 0) / total;
  return Math.min(99, Math.round(100 * share));
};

/** The reason of the newest decision or cancellation; null without one. */
export const getLatestReason = (events: readonly RunEvent[]): string | null => {
  const decision = events.findLast(
    (event) => event.kind === 'approved' || event.kind === 'denied' || event.kind === 'cancelled',
  );
  return decision && 'reason' in decision ? decision.reason : null;
};

/** The request that starts a run. */
export interface RunRequest extends RunSubject {
  readonly kind: RunKind;
  readonly stages: readonly StageName[];
  readonly ref?: string;
  readonly force?: boolean;
  readonly requestedBy: Person;
  readonly conversation?: Conversation;
}

/** The state of a run. Only this module changes it. Times are milliseconds since the epoch. */
export const createRunState = (input: RunRequest, workflowId: string, now: () => number) => {
  const stages = createStageTable(input.stages, now);
  const events: RunEvent[] = [];
  let view: RunView = {
    workflowId,
    kind: input.kind,
    name: input.name,
    environment: input.environment,
    ref: input.ref ?? null,
    force: input.force ?? false,
    commit: null,
    requestedBy: input.requestedBy,
    conversation: input.conversation ?? null,
    audiences: [],
    askedAt: now(),
    endedAt: null,
    status: 'queued',
    progress: 0,
    queue: null,
    stages: [],
    image: null,
    plan: null,
    policy: null,
    approval: null,
    applied: null,
    remaining: null,
    outputs: [],
    failure: null,
    events: [],
    retryUntil: null,
  };

  return {
    now,
    stages,
    read: (): RunView => ({
      ...view,
      stages: stages.list(),
      events: [...events],
      progress: calculateProgress(view.status, stages.list()),
    }),
    /** The fields that `set` changes. Stages, events and progress are separate. */
    get view(): Omit<RunView, 'stages' | 'events' | 'progress'> {
      return view;
    },
    set: (change: Partial<Omit<RunView, 'stages' | 'events' | 'progress'>>): void => {
      view = { ...view, ...change };
    },
    record: (fact: RunFact): void => {
      events.push({ seq: events.length, at: now(), ...fact });
    },
  };
};

export type RunState = ReturnType<typeof createRunState>;
