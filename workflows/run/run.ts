import type { Conversation } from '../contract/conversation.ts';
import type { Person } from '../contract/person.ts';
import type { RunEvent, RunFact } from '../contract/run-event.ts';
import type { RunKind, RunView } from '../contract/run-view.ts';
import type { StageName } from '../contract/stage.ts';
import type { RunSubject } from '../contract/target.ts';
import { progressOf } from './progress.ts';
import { createStages } from './stages.ts';

/** What somebody asked for. */
export interface Asked extends RunSubject {
  readonly kind: RunKind;
  readonly stages: readonly StageName[];
  readonly ref?: string;
  readonly force?: boolean;
  readonly requestedBy: Person;
  readonly conversation?: Conversation;
}

/** Everything a run knows of itself, and the one place where it is changed. */
export const createRun = (input: Asked, workflowId: string, now: () => number) => {
  const stages = createStages(input.stages, now);
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
      progress: progressOf(view.status, stages.list()),
    }),
    /** The parts that are set one by one; stages, events and progress are kept apart. */
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

export type Run = ReturnType<typeof createRun>;
