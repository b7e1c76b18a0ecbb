import type { Kysely } from 'kysely';
import type { LiveRun, RunFilter } from '../runs/port.ts';
import { readRun } from './json.ts';
import type { Schema } from './schema.ts';

const those = (db: Kysely<Schema>, filter: RunFilter) => {
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

/** The newest of the runs that fit. */
export const listRuns = async (db: Kysely<Schema>, filter: RunFilter): Promise<readonly LiveRun[]> => {
  const rows = await those(db, filter)
    .select('run')
    .orderBy('asked_at', 'desc')
    .limit(filter.limit)
    .offset(filter.offset ?? 0)
    .execute();
  return rows.map(({ run }) => readRun(run));
};

/** How many runs fit. */
export const countRuns = async (db: Kysely<Schema>, filter: RunFilter): Promise<number> => {
  const { total } = await those(db, filter)
    .select(({ fn }) => fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
};
