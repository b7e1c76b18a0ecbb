import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { createDataConverter } from '../encryption/data-converter.ts';
import { createKeyRing, makeKey } from '../encryption/testing/rings.ts';
import type { DriftReport } from '../workflows/contract/drift.ts';
import { installQuietRuntime } from '../workflows/testing/quiet-runtime.ts';
import { connectOwnNamespace, createWorkerFolder } from './testing/worker-process.ts';

// The worker as a process, with real Terraform and everything encrypted, and a chat that writes down.

const patience = { timeout: 60_000, interval: 200 };
const key = makeKey('k1');
const dataConverter = createDataConverter(createKeyRing(key));
const place = createWorkerFolder(process.env.PATH);
const told: DriftReport[] = [];
let client: Client;
let stopChat: () => Promise<void>;

const network = (subnets: number) => `
terraform {
  backend "local" {}
}
resource "terraform_data" "subnet" {
  count = ${subnets}
}
`;
const write = (subnets: number) => writeFileSync(join(place.folder, 'network', 'main.tf'), network(subnets));

beforeAll(async () => {
  installQuietRuntime();
  const address = inject('temporalAddress');
  const plain = await connectOwnNamespace(address);
  const { namespace } = plain.options;
  await plain.connection.close();
  client = new Client({ connection: await Connection.connect({ address }), namespace, dataConverter });
  mkdirSync(join(place.folder, 'network'));
  write(2);
  writeFileSync(
    join(place.folder, 'quarterdeck.yaml'),
    `stacks:
  network:
    directory: network
    backend: { path: network.tfstate }
    drift: every 6h
    notify: [{ to: "slack:C0INFRA", events: failures }]
`,
  );
  place.start({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    ENCRYPT_PAYLOADS: 'true',
    ENCRYPTION_KEYS: key,
  });
  const connection = await NativeConnection.connect({ address });
  const chat = await Worker.create({
    connection,
    namespace,
    dataConverter,
    taskQueue: 'chat',
    activities: {
      notify_users: async () => undefined,
      report_drift: async (report: DriftReport) => void told.push(report),
    },
  });
  const ended = chat.run();
  stopChat = async () => {
    chat.shutdown();
    await ended;
    await connection.close();
  };
});
afterAll(async () => {
  await stopChat();
  await client.connection.close();
  await place.clean();
});

/** What the next look comes to, in one word. */
const look = async (): Promise<string> => {
  const schedule = client.schedule.getHandle('drift-network');
  const before = await vi.waitFor(() => schedule.describe(), patience);
  const { numActionsTaken } = before.info;
  await pause(1000 - (Date.now() % 1000));
  await schedule.trigger('SKIP');
  return vi.waitFor(async () => {
    const { info } = await schedule.describe();
    expect(info.numActionsTaken).toBe(numActionsTaken + 1);
    expect(info.runningActions).toEqual([]);
    const last = info.recentActions.at(-1)?.action.workflow.workflowId ?? '';
    const { outcome } = (await client.workflow.getHandle(last).result()) as { outcome: string };
    return outcome;
  }, patience);
};

const provision = () =>
  client.workflow.execute('provision', {
    workflowId: `provision-network-${Date.now()}`,
    taskQueue: 'infra-provisioning',
    args: [{ stack: 'network', requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
  });

test('a stack with `drift: every 6h` is checked, and each change is reported once', async () => {
  expect(await look()).toBe('in_sync');
  await provision();
  expect(await look()).toBe('in_sync');
  expect(told).toEqual([]);

  write(3);
  expect(await look()).toBe('drifted');
  expect(await look()).toBe('drifted');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    stack: 'network',
    audiences: [{ to: 'slack:C0INFRA', events: 'failures' }],
    news: { kind: 'appeared', summary: { counts: { add: 1 } } },
  });

  await provision();
  expect(await look()).toBe('in_sync');
  expect(told.map(({ news }) => news.kind)).toEqual(['appeared', 'gone']);
});
