import { type Kysely, sql } from 'kysely';
import { awaitsVoteOf } from '../../workflows/contract/approval-rule.ts';
import type { ApprovalView } from '../../workflows/contract/decision.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
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
  waitingFor(person: Person, limit: number): Promise<CountedRuns>;
  /** Open runs that have not ended and wait for others, and how many they are in all. */
  openBesides(person: Person, limit: number): Promise<CountedRuns>;
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

/** What the approval rule needs of an open run. */
interface OpenRun {
  readonly workflowId: string;
  readonly status: RunStatus;
  readonly endedAt: string | number | null;
  readonly endedOutside: string | null;
  readonly requestedBy: Person;
  readonly approval: ApprovalView | null;
}

/** Open runs, newest first. SQL selects coarsely and reads no whole snapshot; the approval rule decides. */
const listOpen = async (db: Kysely<Schema>): Promise<readonly OpenRun[]> => {
  const rows = await db
    .selectFrom('runs')
    .select([
      'workflow_id as workflowId',
      sql<RunStatus>`status`.as('status'),
      'ended_at as endedAt',
      sql<string | null>`run->>'endedOutside'`.as('endedOutside'),
      sql<Person>`run #> '{view,requestedBy}'`.as('requestedBy'),
      sql<ApprovalView | null>`nullif(run #> '{view,approval}', 'null')`.as('approval'),
    ])
    .where('open', '=', true)
    .orderBy('asked_at', 'desc')
    .execute();
  return rows;
};

const awaitsPerson = ({ status, endedOutside, requestedBy, approval }: OpenRun, person: Person): boolean =>
  status === 'awaiting_approval' &&
  endedOutside === null &&
  approval !== null &&
  awaitsVoteOf(approval, requestedBy, person);

/** Reads the snapshots of the first `limit` runs, in their order, and counts all of them. */
const loadNewest = async (
  db: Kysely<Schema>,
  chosen: readonly OpenRun[],
  limit: number,
): Promise<CountedRuns> => {
  const ids = chosen.slice(0, limit).map(({ workflowId }) => workflowId);
  if (ids.length === 0) return { runs: [], total: chosen.length };
  const rows = await db
    .selectFrom('runs')
    .select('run')
    .where('workflow_id', 'in', ids)
    .orderBy('asked_at', 'desc')
    .execute();
  return { runs: rows.map(({ run }) => readRun(run)), total: chosen.length };
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

  waitingFor: async (person, limit) =>
    loadNewest(
      db,
      (await listOpen(db)).filter((run) => awaitsPerson(run, person)),
      limit,
    ),
  openBesides: async (person, limit) =>
    loadNewest(
      db,
      (await listOpen(db)).filter((run) => run.endedAt === null && !awaitsPerson(run, person)),
      limit,
    ),

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
