import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../runtime/logger.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { ada, grace, sampleApproval, sampleView } from '../cards/testing/sample-parts.ts';
import { sampleRuns } from '../cards/testing/samples.ts';
import { awaitsDecisionFrom } from '../runs/awaits-decision.ts';
import { type DatabaseLocation, openDatabase } from './database.ts';
import { createMessageRow } from './message-rows.ts';
import { openStore, type Store } from './store.ts';

const logger = createLogger('test', 'silent');
const kinds = ['embedded', 'server'] as const;

describe.each(kinds)('the store on the %s database', (kind) => {
  let directory: string;
  let postgres: TestPostgres | null = null;
  let place: DatabaseLocation;
  let store: Store;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'quarterdeck-store-'));
    if (kind === 'server') postgres = await startPostgres();
    place = postgres ? { kind: 'server', url: postgres.url } : { kind: 'embedded', directory };
    store = await openStore(place, logger);
  });

  afterAll(async () => {
    try {
      await store.close();
    } finally {
      await postgres?.stop();
    }
    await rm(directory, { recursive: true, force: true });
  });

  test('returns every sample run as it was saved, and the newest snapshot wins', async () => {
    for (const { run } of sampleRuns) {
      await store.runs.save({ ...run, externalEnd: 'timed out' }, true);
      await store.runs.save(run, false);
      expect(await store.runs.get(run.view.workflowId)).toEqual(run);
    }
    expect(await store.runs.get('total-build-nobody')).toBeNull();
  });

  test('keeps logs that hold what PostgreSQL refuses', async () => {
    const view = sampleView(0x90, { image: 'a\0b\ud800c' });
    await store.runs.save({ view, live: {}, externalEnd: null }, true);
    expect((await store.runs.get(view.workflowId))?.view.image).toBe('a\ufffdb\ufffdc');
  });

  test('lists by every filter, newest first, page by page', async () => {
    const view = (index: number) =>
      sampleView(index, {
        name: 'paged',
        environment: index % 2 === 0 ? 'preview' : 'production',
        status: index === 0xa1 ? 'failed' : 'running',
        askedAt: index * 1000,
        requestedBy: { id: `p${index}@example.com`, name: 'P' },
      });
    for (const index of [0xa2, 0xa0, 0xa1, 0xa3])
      await store.runs.save({ view: view(index), live: {}, externalEnd: null }, true);
    const list = async (filter: object) =>
      (await store.runs.list({ service: 'paged', limit: 10, ...filter })).map(
        (run) => run.view.askedAt / 1000,
      );
    expect(await list({})).toEqual([0xa3, 0xa2, 0xa1, 0xa0]);
    expect(await list({ limit: 2 })).toEqual([0xa3, 0xa2]);
    expect(await list({ limit: 2, offset: 2 })).toEqual([0xa1, 0xa0]);
    expect(await list({ since: 0xa1 * 1000, until: 0xa3 * 1000 })).toEqual([0xa2, 0xa1]);
    expect(await store.runs.count({ service: 'paged', since: 0xa1 * 1000, limit: 1 })).toBe(3);
    const ids = [view(0xa0).workflowId, 'total-build-unknown'];
    expect((await store.runs.getMany(ids)).map((run) => run.view.askedAt / 1000)).toEqual([0xa0]);
    expect(await store.runs.getMany([])).toEqual([]);
    expect(await list({ environment: 'preview' })).toEqual([0xa2, 0xa0]);
    expect(await list({ status: 'failed' })).toEqual([0xa1]);
    await store.runs.save({ view: { ...view(0xa1), endedAt: 1 }, live: {}, externalEnd: null }, true);
    await store.runs.save({ view: view(0xa2), live: {}, externalEnd: null }, false);
    expect(await list({ open: true })).toEqual([0xa3, 0xa0]);
    expect(await list({ requester: `p${0xa0}@example.com` })).toEqual([0xa0]);
    expect(await store.runs.environments()).toContainEqual({ service: 'paged', environment: 'preview' });
  });

  test('finds ids by the beginning of their uuid and takes wildcards for what they are', async () => {
    const view = sampleView(0xb1);
    await store.runs.save({ view, live: {}, externalEnd: null }, true);
    expect(await store.runs.withUuid('b1c0')).toEqual([view.workflowId]);
    expect(await store.runs.withUuid('b1c0%')).toEqual([]);
  });

  test('remembers which runs are open', async () => {
    const view = sampleView(0xc1);
    await store.runs.save({ view, live: {}, externalEnd: null }, true);
    const ids = async () => (await store.runs.open()).map((run) => run.view.workflowId);
    expect(await ids()).toContain(view.workflowId);
    await store.runs.save({ view, live: {}, externalEnd: null }, false);
    expect(await ids()).not.toContain(view.workflowId);
  });

  test('lists the runs that await a person exactly as the approval rule decides', async () => {
    const people = [ada, grace, { id: 'eve@example.com', name: 'Eve' }];
    const vote = { by: grace, at: 1, reason: null };
    const approvals = [
      sampleApproval(),
      sampleApproval({ approvers: [] }),
      sampleApproval({ selfApproval: true }),
      sampleApproval({ votes: [vote], required: 2 }),
      sampleApproval({ decision: { outcome: 'expired', at: 1, digest: 'd' } }),
      null,
    ];
    const runs = approvals.flatMap((approval, at) =>
      (['awaiting_approval', 'running'] as const).map((status, other) => ({
        view: sampleView(0xd0 + at * 2 + other, { approval, status }),
        live: {},
        externalEnd: at === 1 && other === 1 ? ('terminated' as const) : null,
      })),
    );
    for (const run of await store.runs.open()) await store.runs.save(run, false);
    for (const run of runs) await store.runs.save(run, true);
    for (const person of people) {
      const expected = runs
        .filter((run) => awaitsDecisionFrom(run, person))
        .map((run) => run.view.workflowId);
      const waiting = await store.runs.waitingFor(person, 100);
      expect(waiting.runs.map((run) => run.view.workflowId).sort()).toEqual(expected.sort());
      expect(waiting.total).toBe(expected.length);
      const others = await store.runs.openForOthers(person, 2);
      expect(others.runs).toHaveLength(2);
      expect(others.total).toBe(runs.length - expected.length);
    }
    expect(await store.runs.waitingFor({ id: 'stranger@example.com', name: 'Stranger' }, 1)).toMatchObject({
      total: 1,
    });
    for (const run of runs) await store.runs.save(run, false);
  });

  test('looks back from a success to the one before, and ahead from a failure to the next', async () => {
    const places = [
      [0xe1, 'failed', 100],
      [0xe2, 'succeeded', 200],
      [0xe3, 'failed', 300],
      [0xe4, 'no_changes', 400],
      [0xe5, 'cancelled', 500],
      [0xe6, 'succeeded', 600],
      [0xe7, 'running', null],
      [0xe8, 'succeeded', 800],
    ] as const;
    const runs = places.map(([index, status, endedAt]) => ({
      view: sampleView(index, { name: 'repaired', status, endedAt, askedAt: 1000 - index }),
      live: {},
      externalEnd: null,
    }));
    for (const run of runs) await store.runs.save(run, run.view.status === 'cancelled');
    for (const changes of [{ environment: 'preview' }, { name: 'another' }])
      await store.runs.save(
        {
          view: sampleView(0xe9, {
            name: 'repaired',
            workflowId: `total-build-${JSON.stringify(changes)}`,
            status: 'succeeded',
            endedAt: 450,
            ...changes,
          }),
          live: {},
          externalEnd: null,
        },
        false,
      );
    const at = (index: number) => runs[index] ?? expect.fail();
    const lookBack = async (index: number) =>
      (await store.runs.sinceLastSuccess(at(index))).map(({ run, open }) => [run.view.status, open]);
    expect(await lookBack(5)).toEqual([
      ['cancelled', true],
      ['no_changes', false],
      ['failed', false],
    ]);
    expect(await lookBack(1)).toEqual([['failed', false]]);
    expect(await lookBack(7)).toEqual([]);
    expect(await lookBack(6)).toEqual([]);
    expect((await store.runs.nextSuccess(at(2)))?.view.workflowId).toBe(at(5).view.workflowId);
    expect((await store.runs.nextSuccess(at(0)))?.view.workflowId).toBe(at(1).view.workflowId);
    expect(await store.runs.nextSuccess(at(7))).toBeNull();
    expect(await store.runs.nextSuccess(at(6))).toBeNull();
  });

  test('keeps one row for each message', async () => {
    const row = createMessageRow({ workflowId: 'w', conversation: 'console:a', part: 'card' });
    await store.messages.save({ ...row, deliveryUncertain: true });
    await store.messages.save({ ...row, ref: 'r1', hash: 'h' });
    await store.messages.save({ ...row, part: 'plan', ref: 'r2' });
    const rows = await store.messages.of('w', 'console:a');
    expect([...rows.keys()].sort()).toEqual(['card', 'plan']);
    expect(rows.get('card')).toEqual({ ...row, ref: 'r1', hash: 'h' });
  });

  test('appends an event to the audit trail once, and what the bot saw each time', async () => {
    const entry = { at: 5, workflowId: 'audited', kind: 'asked', by: ada.id, details: { ref: 'main' } };
    await store.audit.append([{ ...entry, seq: 0 }]);
    await store.audit.append([
      { ...entry, seq: 0, by: 'mallory@example.com' },
      { ...entry, seq: 1, at: 6, kind: 'started' },
    ]);
    await store.audit.append([{ ...entry, seq: null, at: 7, kind: 'refused' }]);
    await store.audit.append([{ ...entry, seq: null, at: 7, kind: 'refused' }]);
    await store.audit.append([]);
    expect(await store.audit.of('audited')).toEqual([
      entry,
      { ...entry, at: 6, kind: 'started' },
      { ...entry, at: 7, kind: 'refused' },
      { ...entry, at: 7, kind: 'refused' },
    ]);
  });

  test('reads the runs and audit lines that the version before stored', async () => {
    const { workflowId, ...rest } = sampleView(0x91, {
      name: 'stored',
      kind: 'provision',
      environment: null,
    });
    const run = { view: { workflowId, ...rest }, live: {}, externalEnd: null };
    await store.runs.save(run, true);
    const entry = { at: 1, workflowId, kind: 'applied', by: null };
    await store.audit.append([{ ...entry, seq: 0, details: { commit: 'f00d', added: 1 } }]);
    await store.close();
    const db = await openDatabase(place, logger);
    const { name: service, ...unnamed } = run.view;
    const previous = JSON.stringify({ ...run, view: { ...unnamed, service, environment: 'stack' } });
    await db.updateTable('runs').set({ run: previous }).where('workflow_id', '=', workflowId).execute();
    await db.destroy();
    store = await openStore(place, logger);
    expect(await store.runs.get(workflowId)).toEqual(run);
    expect(await store.runs.getMany([workflowId])).toEqual([run]);
    expect(await store.runs.list({ service: 'stored', environment: 'stack', limit: 1 })).toEqual([run]);
    expect(await store.audit.of(workflowId)).toEqual([{ ...entry, details: { revision: 'f00d', added: 1 } }]);
  });

  test('the audit trail cannot be rewritten', async () => {
    await store.audit.append([{ at: 1, workflowId: 'kept', seq: 0, kind: 'asked', by: null, details: {} }]);
    await store.close();
    const db = await openDatabase(place, logger);
    const message = 'append-only';
    await expect(db.updateTable('audit').set({ kind: 'x' }).execute()).rejects.toThrow(message);
    await expect(db.deleteFrom('audit').execute()).rejects.toThrow(message);
    await expect(sql`truncate audit`.execute(db)).rejects.toThrow(message);
    await db.destroy();
    store = await openStore(place, logger);
    expect(await store.audit.of('kept')).toHaveLength(1);
  });

  test('subscriptions can be added, changed and removed', async () => {
    await store.subscriptions.add('api', { to: 'slack:C1', events: 'all' }, ada.id);
    await store.subscriptions.add('api', { to: 'slack:C1', events: 'failures' }, ada.id);
    expect(await store.subscriptions.of('api')).toEqual([{ to: 'slack:C1', events: 'failures' }]);
    expect(await store.subscriptions.remove('api', 'slack:C1')).toBe(true);
    expect(await store.subscriptions.remove('api', 'slack:C1')).toBe(false);
    expect(await store.subscriptions.of('api')).toEqual([]);
  });

  test('each platform has its own keys and values', async () => {
    const mine = store.keyValues('one');
    await mine.set('k', ['a', { b: 1 }]);
    expect(await mine.get('k')).toEqual(['a', { b: 1 }]);
    expect(await store.keyValues('two').get('k')).toBeNull();
    await mine.delete('k');
    expect(await mine.get('k')).toBeNull();
  });

  test('a ping resolves while the database answers', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
});
