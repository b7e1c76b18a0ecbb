import { type Kysely, sql } from 'kysely';
import { awaitsVoteOf } from '../../workflows/contract/approval-rule.ts';
import type { ApprovalView } from '../../workflows/contract/decision.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { LiveRun, RunFilter } from '../runs/types.ts';
import { readRun } from './json.ts';
import type { Schema } from './schema.ts';

/** The newest of some runs, and how many there are in all. */
export interface CountedRuns {
  readonly runs: readonly LiveRun[];
  readonly total: number;
}

const matching = (db: Kysely<Schema>, filter: RunFilter) => {
  let query = db.selectFrom('runs');
  if (filter.service !== undefined) query = query.where('service', '=', filter.service);
  if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.requester !== undefined) query = query.where('requester', '=', filter.requester);
  if (filter.open) query = query.where('open', '=', true).where('ended_at', 'is', null);
  if (filter.since !== undefined) query = query.where('asked_at', '>=', filter.since);
  if (filter.until !== undefined) query = query.where('asked_at', '<', filter.until);
  return query;
};

/** The newest runs that match. */
export const listRuns = async (db: Kysely<Schema>, filter: RunFilter): Promise<readonly LiveRun[]> => {
  const rows = await matching(db, filter)
    .select('run')
    .orderBy('asked_at', 'desc')
    .limit(filter.limit)
    .offset(filter.offset ?? 0)
    .execute();
  return rows.map(({ run }) => readRun(run));
};

/** How many runs match. */
export const countRuns = async (db: Kysely<Schema>, filter: RunFilter): Promise<number> => {
  const { total } = await matching(db, filter)
    .select(({ fn }) => fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
};

/** What the approval rule needs of an open run. */
interface OpenRun {
  readonly workflowId: string;
  readonly status: RunStatus;
  readonly endedAt: string | number | null;
  readonly externalEnd: string | null;
  readonly requestedBy: Person;
  readonly approval: ApprovalView | null;
}

/** Open runs, newest first. SQL selects coarsely and reads no whole snapshot; the approval rule decides. */
const listOpen = (db: Kysely<Schema>): Promise<readonly OpenRun[]> =>
  db
    .selectFrom('runs')
    .select([
      'workflow_id as workflowId',
      sql<RunStatus>`status`.as('status'),
      'ended_at as endedAt',
      // The version before wrote `endedOutside`.
      sql<string | null>`coalesce(run->>'externalEnd', run->>'endedOutside')`.as('externalEnd'),
      sql<Person>`run #> '{view,requestedBy}'`.as('requestedBy'),
      sql<ApprovalView | null>`nullif(run #> '{view,approval}', 'null')`.as('approval'),
    ])
    .where('open', '=', true)
    .orderBy('asked_at', 'desc')
    .execute();

const awaitsDecisionFrom = (
  { status, externalEnd, requestedBy, approval }: OpenRun,
  person: Person,
): boolean =>
  status === 'awaiting_approval' &&
  externalEnd === null &&
  approval !== null &&
  awaitsVoteOf(approval, requestedBy, person);

/** Loads the snapshots of the first `limit` runs, in their order, and counts all of them. */
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

/** The open runs that wait for this person's decision. */
export const listWaitingFor = async (db: Kysely<Schema>, person: Person, limit: number) => {
  const open = await listOpen(db);
  return loadNewest(
    db,
    open.filter((run) => awaitsDecisionFrom(run, person)),
    limit,
  );
};

/** The open runs that have not ended and do not wait for this person's decision. */
export const listOpenForOthers = async (db: Kysely<Schema>, person: Person, limit: number) => {
  const open = await listOpen(db);
  return loadNewest(
    db,
    open.filter((run) => run.endedAt === null && !awaitsDecisionFrom(run, person)),
    limit,
  );
};
