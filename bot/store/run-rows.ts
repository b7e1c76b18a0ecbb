import { type Kysely, sql } from 'kysely';
import type { Person } from '../../workflows/contract/person.ts';
import { type EnvironmentKey, toEnvironmentKey } from '../../workflows/contract/target.ts';
import type { LiveRun, RunFilter } from '../runs/types.ts';
import { readRun, toJson, toText } from './json.ts';
import { type CountedRuns, countRuns, listOpenForOthers, listRuns, listWaitingFor } from './run-list.ts';
import type { Schema } from './schema.ts';

/** A run that has ended. `open` until every conversation knows, and while the run can be retried. */
export interface EndedRun {
  readonly run: LiveRun;
  readonly open: boolean;
}

/** The newest snapshot of each run. */
export interface RunRows {
  /** `open`: Temporal has not closed the run, or a conversation does not know its end yet. */
  save(run: LiveRun, open: boolean): Promise<void>;
  get(workflowId: string): Promise<LiveRun | null>;
  /** The known runs among these, in any order. */
  getMany(workflowIds: readonly string[]): Promise<readonly LiveRun[]>;
  /** The newest runs that match. */
  list(filter: RunFilter): Promise<readonly LiveRun[]>;
  /** How many runs match in all. */
  count(filter: RunFilter): Promise<number>;
  /** Every run that was saved as open; newest first. */
  open(): Promise<readonly LiveRun[]>;
  /** Open runs that wait for this person's decision; newest first, and how many there are in all. */
  waitingFor(person: Person, limit: number): Promise<CountedRuns>;
  /** Open runs that have not ended and wait for others; newest first, and how many there are in all. */
  openForOthers(person: Person, limit: number): Promise<CountedRuns>;
  /** Workflow IDs whose UUID starts with this text; at most 10, newest first. */
  withUuid(start: string): Promise<readonly string[]>;
  /** Runs of the same environment that ended before this one, back to its last success; newest first. */
  sinceLastSuccess(run: LiveRun): Promise<readonly EndedRun[]>;
  /** The first run of the same environment that succeeded after this one ended. */
  nextSuccess(run: LiveRun): Promise<LiveRun | null>;
  /** The keys of all environments and stacks that have a run. */
  environments(): Promise<readonly EnvironmentKey[]>;
}

/** How many ended runs `sinceLastSuccess` reads at most. */
const maxLookback = 50;

/** The other ended runs of the same environment. */
const endedInEnvironment = (db: Kysely<Schema>, { view }: LiveRun) => {
  const { service, environment } = toEnvironmentKey(view);
  return db
    .selectFrom('runs')
    .select(['run', 'open', 'status'])
    .where('service', '=', toText(service))
    .where('environment', '=', toText(environment))
    .where('workflow_id', '<>', view.workflowId)
    .where('ended_at', 'is not', null);
};

export const createRunRows = (db: Kysely<Schema>): RunRows => ({
  async save(run, open) {
    const { view } = run;
    const { service, environment } = toEnvironmentKey(view);
    const values = {
      run: toJson(run),
      status: view.status,
      service: toText(service),
      environment: toText(environment),
      requester: toText(view.requestedBy.id),
      asked_at: view.askedAt,
      ended_at: view.endedAt,
      open,
    };
    await db
      .insertInto('runs')
      .values({ workflow_id: view.workflowId, ...values })
      .onConflict((conflict) => conflict.column('workflow_id').doUpdateSet(values))
      .execute();
  },

  async get(workflowId) {
    const row = await db
      .selectFrom('runs')
      .select('run')
      .where('workflow_id', '=', workflowId)
      .executeTakeFirst();
    return row ? readRun(row.run) : null;
  },

  async getMany(workflowIds) {
    if (workflowIds.length === 0) return [];
    const rows = await db.selectFrom('runs').select('run').where('workflow_id', 'in', workflowIds).execute();
    return rows.map(({ run }) => readRun(run));
  },

  list: (filter) => listRuns(db, filter),
  count: (filter) => countRuns(db, filter),

  async open() {
    const rows = await db
      .selectFrom('runs')
      .select('run')
      .where('open', '=', true)
      .orderBy('asked_at', 'desc')
      .execute();
    return rows.map(({ run }) => readRun(run));
  },

  waitingFor: (person, limit) => listWaitingFor(db, person, limit),
  openForOthers: (person, limit) => listOpenForOthers(db, person, limit),

  async withUuid(start) {
    const rows = await db
      .selectFrom('runs')
      .select('workflow_id')
      // Every ID ends with its UUID, whatever its prefix is.
      .where(sql<boolean>`starts_with(right(workflow_id, 36), ${start})`)
      .orderBy('asked_at', 'desc')
      .limit(10)
      .execute();
    return rows.map((row) => row.workflow_id);
  },

  async sinceLastSuccess(run) {
    const { endedAt } = run.view;
    if (endedAt === null) return [];
    const rows = await endedInEnvironment(db, run)
      .where('ended_at', '<=', endedAt)
      .orderBy('ended_at', 'desc')
      .limit(maxLookback)
      .execute();
    const success = rows.findIndex(({ status }) => status === 'succeeded');
    return rows
      .slice(0, success < 0 ? rows.length : success)
      .map(({ run: ended, open }) => ({ run: readRun(ended), open }));
  },

  async nextSuccess(run) {
    const { endedAt } = run.view;
    if (endedAt === null) return null;
    const row = await endedInEnvironment(db, run)
      .where('ended_at', '>=', endedAt)
      .where('status', '=', 'succeeded')
      .orderBy('ended_at')
      .limit(1)
      .executeTakeFirst();
    return row ? readRun(row.run) : null;
  },

  environments: () =>
    db
      .selectFrom('runs')
      .select(['service', 'environment'])
      .distinct()
      .orderBy('service')
      .orderBy('environment')
      .execute(),
});
