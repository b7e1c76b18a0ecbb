import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import {
  bundleWorkflowCode,
  type NativeConnection,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectTestClient, connectTestWorker } from '../../test/temporal.ts';
import { createArtifactStore } from '../artifacts/create-artifact-store.ts';
import { throwIfInterrupted } from './activity-failure.ts';
import { createRunCommand } from './run-command.ts';

let folder: string;
let client: Client;
let connection: NativeConnection;
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stopped-'));
  [client, connection] = await Promise.all([connectTestClient(), connectTestWorker()]);
  const workflowsPath = fileURLToPath(new URL('./testing/run-line.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath });
});
afterAll(async () => {
  await client.connection.close();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

/** A worker whose one activity runs a line in a shell. */
const startWorker = async (taskQueue: string, line: string) => {
  const artifacts = createArtifactStore(`file:${join(folder, 'artifacts')}`, {});
  const runCommand = createRunCommand({ artifacts, env: process.env });
  const runLine = async () => {
    const operation = 'running a line';
    const result = await runCommand(
      { operation, file: line, args: [], shell: true, cwd: folder },
      `${taskQueue}/log`,
    );
    await throwIfInterrupted(result, operation);
    return result.tail;
  };
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle,
    activities: { runLine },
    shutdownGraceTime: 0,
    maxHeartbeatThrottleInterval: '200ms',
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
};

const start = (taskQueue: string) =>
  client.workflow.start('runLine', { taskQueue, workflowId: `run-line-${randomUUID()}` });

const pidIn = async (name: string): Promise<string> => {
  const read = () => readFile(join(folder, name), 'utf8');
  await vi.waitFor(async () => expect(await read()).toMatch(/^\d+\n$/), { timeout: 30_000 });
  return (await read()).trim();
};

const expectDead = (pid: string) =>
  vi.waitFor(async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z ');
    expect(stat).toMatch(/\) [ZX] /);
  });

test('a command stops when its worker shuts down, and the next worker starts it again', async () => {
  const taskQueue = `stopped-${randomUUID()}`;
  const line = 'if [ -e second ]; then echo again; else echo $$ > first.pid; sleep 300; fi';
  const stopFirst = await startWorker(taskQueue, line);
  const handle = await start(taskQueue);
  const pid = await pidIn('first.pid');
  await writeFile(join(folder, 'second'), '');
  await stopFirst();
  await expectDead(pid);
  const stopSecond = await startWorker(taskQueue, line);
  try {
    expect(await handle.result()).toEqual(['again']);
  } finally {
    await stopSecond();
  }
});

test('a command stops before its cancelled run ends', async () => {
  const taskQueue = `cancelled-${randomUUID()}`;
  const line = 'trap "sleep 0.3; echo tidied > tidied; exit 1" INT; echo $$ > cancelled.pid; sleep 300';
  const stop = await startWorker(taskQueue, line);
  try {
    const handle = await start(taskQueue);
    const pid = await pidIn('cancelled.pid');
    await handle.cancel();
    const failure = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure).toMatchObject({ cause: expect.any(CancelledFailure) });
    expect(await readFile(join(folder, 'tidied'), 'utf8')).toBe('tidied\n');
    await expectDead(pid);
  } finally {
    await stop();
  }
});
