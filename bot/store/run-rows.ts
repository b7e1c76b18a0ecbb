import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type EnvironmentKey, toEnvironmentKey } from '../../workflows/contract/target.ts';
import type { LiveRun, RunFilter } from '../runs/port.ts';
import { readRun, toJson, toText } from './json.ts';
import { countRuns, listRuns } from './run-list.ts';
import type { Schema } from './schema.ts';

/** The newest of some runs. */
export interface CountedRuns {
  readonly runs: readonly LiveRun[];
  readonly total: number;
}

/** A run that has ended; `open` while its end has not been told everywhere, or it may be resumed. */
export interface EndedRun {
  readonly run: LiveRun;
  readonly open: boolean;
}

/** As `mayApprove` says it, for the database: a list of many runs must not be read whole to count it. */
const waits = (person: string) => sql<boolean>`(
  status = 'awaiting_approval' and run->>'endedOutside' is null
  and coalesce(run #> '{view,approval,decision}', 'null') = 'null'
  and (run #> '{view,approval,approvers}' = '[]' or run #> '{view,approval,approvers}' @> to_jsonb(${person}::text))
  and (run #> '{view,approval,selfApproval}' = 'true' or requester <> ${person})
  and not run #> '{view,approval,votes}' @> jsonb_build_array(jsonb_build_object('by', jsonb_build_object('id', ${person}::text)))
)`;

/** The newest snapshot of each run. */
export interface RunRows {
  save(run: LiveRun, open: boolean): Promise<void>;
  get(workflowId: string): Promise<LiveRun | null>;
  /** Those of the ids that are known, in any order. */
  these(ids: readonly string[]): Promise<readonly LiveRun[]>;
  /** The newest of the runs that fit. */
  list(filter: RunFilter): Promise<readonly LiveRun[]>;
  /** How many fit in all. */
  count(filter: RunFilter): Promise<number>;
  /** Every run that Temporal had not closed when it was last looked at. */
  open(): Promise<readonly LiveRun[]>;
  /** Open runs that wait for a word that this person may give, and how many they are in all. */
  waitingFor(person: string, limit: number): Promise<CountedRuns>;
  /** Open runs that have not ended and wait for others, and how many they are in all. */
  openBesides(person: string, limit: number): Promise<CountedRuns>;
  /** Ids of the runs whose uuid begins like this; at most 10. */
  withUuid(beginning: string): Promise<readonly string[]>;
  /** What ended before this run did in the same place, up to and without its last success; newest first. */
  sinceLastSuccess(run: LiveRun): Promise<readonly EndedRun[]>;
  /** The first run that succeeded in the same place after this one had ended. */
  nextSuccess(run: LiveRun): Promise<LiveRun | null>;
  /** The keys of all environments and stacks that have a run. */
  environments(): Promise<readonly EnvironmentKey[]>;
}

/** More failures in a row than anybody would look back on. */
const mostLookedBack = 50;

const endedThere = (db: Kysely<Schema>, { view }: LiveRun) => {
  const { service, environment } = toEnvironmentKey(view);
  return db
    .selectFrom('runs')
    .select(['run', 'open', 'status'])
    .where('service', '=', toText(service))
    .where('environment', '=', toText(environment))
    .where('workflow_id', '<>', view.workflowId)
    .where('ended_at', 'is not', null);
};

const counted = async (
  db: Kysely<Schema>,
  which: RawBuilder<boolean>,
  limit: number,
): Promise<CountedRuns> => {
  const rows = await db
    .with('chosen', (sub) =>
      sub.selectFrom('runs').select(['workflow_id', 'asked_at']).where('open', '=', true).where(which),
    )
    .selectFrom('chosen')
    .innerJoin('runs', 'runs.workflow_id', 'chosen.workflow_id')
    .select([
      'runs.run',
      ({ selectFrom }) => selectFrom('chosen').select(sql<string>`count(*)`.as('n')).as('total'),
    ])
    .orderBy('chosen.asked_at', 'desc')
    .limit(limit)
    .execute();
  return { runs: rows.map(({ run }) => readRun(run)), total: Number(rows[0]?.total ?? 0) };
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

  async these(ids) {
    if (ids.length === 0) return [];
    const rows = await db.selectFrom('runs').select('run').where('workflow_id', 'in', ids).execute();
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

  waitingFor: (person, limit) => counted(db, waits(person), limit),
  openBesides: (person, limit) =>
    counted(db, sql<boolean>`ended_at is null and not coalesce(${waits(person)}, false)`, limit),

  async withUuid(beginning) {
    const rows = await db
      .selectFrom('runs')
      .select('workflow_id')
      // Every id ends with its uuid, whatever it begins with.
      .where(sql<boolean>`starts_with(right(workflow_id, 36), ${beginning})`)
      .orderBy('asked_at', 'desc')
      .limit(10)
      .execute();
    return rows.map((row) => row.workflow_id);
  },

  async sinceLastSuccess(run) {
    const { endedAt } = run.view;
    if (endedAt === null) return [];
    const rows = await endedThere(db, run)
      .where('ended_at', '<=', endedAt)
      .orderBy('ended_at', 'desc')
      .limit(mostLookedBack)
      .execute();
    const success = rows.findIndex(({ status }) => status === 'succeeded');
    return rows
      .slice(0, success < 0 ? rows.length : success)
      .map(({ run: ended, open }) => ({ run: readRun(ended), open }));
  },

  async nextSuccess(run) {
    const { endedAt } = run.view;
    if (endedAt === null) return null;
    const row = await endedThere(db, run)
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
