import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unpackPreviousVersion } from '../../test/upgrade/unpack.ts';
import { toNotificationKey } from '../delivery/notification-key.ts';
import { toThreadPosts } from '../delivery/thread-posts.ts';
import { silentLogger } from '../testing/test-store.ts';
import { openStore, type Store } from './store.ts';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-previous-'));
  await unpackPreviousVersion(folder);
  store = await openStore(
    { kind: 'embedded', directory: join(folder, '.quarterdeck', 'store') },
    silentLogger,
  );
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const ada = { id: 'ada@example.com', name: 'Ada' };
const grace = { id: 'grace@example.com', name: 'Grace' };
const list = () => store.runs.list({ limit: 100 });

test('a store of the version before is migrated, and its runs have the names of this version', async () => {
  const runs = await list();
  const shown = runs.map(({ view, externalEnd }) => [
    view.kind,
    view.name,
    view.environment,
    view.status,
    externalEnd,
  ]);
  expect(shown).toEqual([
    ['deploy', 'shop', 'production', 'awaiting_approval', null],
    ['provision', 'network', null, 'succeeded', null],
    ['deploy', 'shop', 'production', 'denied', null],
    ['deploy', 'shop', 'production', 'succeeded', null],
  ]);
  expect(JSON.stringify(runs)).not.toContain('endedOutside');
  for (const run of runs) expect(await store.runs.get(run.view.workflowId)).toEqual(run);
});

test('its lists and lookups by person, environment and history work', async () => {
  const [waiting, provision, denied, succeeded] = await list();
  expect((await store.runs.waitingFor(grace, 10)).runs).toEqual([waiting]);
  expect(await store.runs.waitingFor(ada, 10)).toEqual({ runs: [], total: 0 });
  expect(await store.runs.environments()).toEqual([
    { service: 'network', environment: 'stack' },
    { service: 'shop', environment: 'production' },
  ]);
  expect(await store.runs.list({ service: 'network', environment: 'stack', limit: 5 })).toEqual([provision]);
  expect(await store.runs.sinceLastSuccess(denied ?? expect.fail('no denied run'))).toEqual([]);
  expect(await store.runs.nextSuccess(succeeded ?? expect.fail('no successful run'))).toBeNull();
});

test('every event of its runs has an audit entry, and a repeated event adds none', async () => {
  for (const { view } of await list()) {
    const entries = await store.audit.of(view.workflowId);
    expect(entries.map(({ kind, at }) => [kind, at])).toEqual(view.events.map(({ kind, at }) => [kind, at]));
    const [event] = view.events;
    const repeated = { workflowId: view.workflowId, at: 1, kind: 'asked', by: null, details: {} };
    await store.audit.append([{ ...repeated, seq: event?.seq ?? 0 }]);
    expect(await store.audit.of(view.workflowId)).toEqual(entries);
  }
});

test('its messages are recognised, so that an upgrade posts nothing twice', async () => {
  for (const run of await list()) {
    const conversation = run.view.conversation ?? expect.fail('a run without a conversation');
    const messages = await store.messages.of(run.view.workflowId, conversation);
    const parts = toThreadPosts(run, 'all').map(({ part }) => part);
    expect([...messages.keys()].sort()).toEqual(['card', ...parts].sort());
    expect(messages.get('card')).toMatchObject({
      ref: expect.any(String),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      notificationKey: toNotificationKey(run),
      deliveryUncertain: false,
      suppressed: false,
      reposts: 0,
    });
  }
});

test('its subscriptions and its keys and values are read', async () => {
  expect(await store.subscriptions.of('shop')).toEqual([{ to: 'console:main', events: 'failures' }]);
  expect(await store.keyValues('console').get('signing key')).toEqual(expect.any(String));
});
