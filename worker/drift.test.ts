import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { createDataConverter } from '../encryption/data-converter.ts';
import { createKeyRing, makeKey } from '../encryption/testing/rings.ts';
import type { DriftReport } from '../workflows/contract/drift.ts';
import { installQuietRuntime } from '../workflows/testing/quiet-runtime.ts';
import { triggerSchedule } from '../workflows/testing/trigger-schedule.ts';
import { connectOwnNamespace, createWorkerFolder } from './testing/worker-process.ts';

// The worker as a process, with real Terraform and encryption, and a chat that records the reports.

const key = makeKey('k1');
const dataConverter = createDataConverter(createKeyRing(key));
const place = createWorkerFolder(process.env.PATH);
const reports: DriftReport[] = [];
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
      report_drift: async (report: DriftReport) => void reports.push(report),
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

/** Runs a drift check, as soon as the worker has created the schedule, and returns its outcome. */
const checkDrift = async (): Promise<string> => {
  const schedule = client.schedule.getHandle('drift-network');
  await vi.waitFor(() => schedule.describe(), { timeout: 60_000, interval: 200 });
  const workflowId = await triggerSchedule(schedule);
  const { outcome } = (await client.workflow.getHandle(workflowId).result()) as { outcome: string };
  return outcome;
};

const provision = () =>
  client.workflow.execute('provision', {
    workflowId: `provision-network-${Date.now()}`,
    taskQueue: 'infra-provisioning',
    args: [{ stack: 'network', requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
  });

test('a stack with `drift: every 6h` is checked, and each change is reported once', async () => {
  expect(await checkDrift()).toBe('in_sync');
  await provision();
  expect(await checkDrift()).toBe('in_sync');
  expect(reports).toEqual([]);

  write(3);
  expect(await checkDrift()).toBe('drifted');
  expect(await checkDrift()).toBe('drifted');
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({
    stack: 'network',
    audiences: [{ to: 'slack:C0INFRA', events: 'failures' }],
    news: { kind: 'appeared', summary: { counts: { add: 1 } } },
  });

  await provision();
  expect(await checkDrift()).toBe('in_sync');
  expect(reports.map(({ news }) => news.kind)).toEqual(['appeared', 'gone']);
});
