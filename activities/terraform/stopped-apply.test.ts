import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, test, vi } from 'vitest';
import { connectTestClient, connectTestWorker } from '../../test/temporal.ts';
import { createTerraformFixture } from './testing/terraform-fixture.ts';

test('A workflow that cancels an apply and waits for its end learns how far it came', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const fixture = await createTerraformFixture(process.env);
  await fixture.write(`resource "terraform_data" "a" {}
    resource "terraform_data" "slow" {
      input = terraform_data.a.id
      provisioner "local-exec" {
        command = "touch ${fixture.folder}/began; sleep 100"
      }
    }`);
  const approved = await fixture.approve((await fixture.plan()).plan);
  const client = await connectTestClient();
  const connection = await connectTestWorker();
  const taskQueue = `stopping-${randomUUID()}`;
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./testing/stopping-workflow.ts', import.meta.url)),
    activities: fixture.activities,
    maxHeartbeatThrottleInterval: '1s',
  });
  const result = await worker.runUntil(async () => {
    const handle = await client.workflow.start('stopping', {
      taskQueue,
      workflowId: `stopping-${randomUUID()}`,
      args: [approved],
    });
    await vi.waitFor(() => expect(existsSync(join(fixture.folder, 'began'))).toBe(true), { timeout: 40_000 });
    await handle.signal('stop');
    return (await handle.result()) as unknown;
  });
  expect(result).toMatchObject({
    type: 'Interrupted',
    details: { applied: { added: 1, done: 1, total: 2, finished: ['terraform_data.a'] } },
  });
  await connection.close();
  await client.connection.close();
  await fixture.remove();
});
