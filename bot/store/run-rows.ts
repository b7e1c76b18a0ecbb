import type { Kysely } from 'kysely';
import type { LiveRun, RunFilter } from '../runs/port.ts';
import { toJson, toText } from './json.ts';
import type { Schema } from './schema.ts';

/** The newest snapshot of each run. */
export interface RunRows {
  save(run: LiveRun, open: boolean): Promise<void>;
  get(workflowId: string): Promise<LiveRun | null>;
  list(filter: RunFilter): Promise<readonly LiveRun[]>;
  /** Every run that Temporal had not closed when it was last looked at. */
  open(): Promise<readonly LiveRun[]>;
  /** Ids that begin like this; at most 10. */
  startingWith(prefix: string): Promise<readonly string[]>;
  environments(): Promise<readonly { readonly service: string; readonly environment: string }[]>;
}

export const createRunRows = (db: Kysely<Schema>): RunRows => ({
  async save(run, open) {
    const { view } = run;
    const values = {
      run: toJson(run),
      status: view.status,
      service: toText(view.service),
      environment: toText(view.environment),
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
    return row?.run ?? null;
  },

  async list(filter) {
    let query = db.selectFrom('runs').select('run').orderBy('asked_at', 'desc').limit(filter.limit);
    if (filter.service !== undefined) query = query.where('service', '=', filter.service);
    if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment);
    if (filter.status !== undefined) query = query.where('status', '=', filter.status);
    if (filter.requester !== undefined) query = query.where('requester', '=', filter.requester);
    if (filter.before !== undefined) query = query.where('asked_at', '<', filter.before);
    return (await query.execute()).map(({ run }) => run);
  },

  async open() {
    const rows = await db
      .selectFrom('runs')
      .select('run')
      .where('open', '=', true)
      .orderBy('asked_at', 'desc')
      .execute();
    return rows.map(({ run }) => run);
  },

  async startingWith(prefix) {
    const rows = await db
      .selectFrom('runs')
      .select('workflow_id')
      .where('workflow_id', 'like', `${prefix.replace(/[\\%_]/g, '\\$&')}%`)
      .orderBy('asked_at', 'desc')
      .limit(10)
      .execute();
    return rows.map((row) => row.workflow_id);
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
