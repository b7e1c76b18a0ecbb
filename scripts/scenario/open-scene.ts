import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { provisionWorkflowId, provisionWorkflowType } from '../../workflows/contract/provision.ts';
import { taskQueues } from '../../workflows/contract/task-queues.ts';
import { createFollow } from './follow.ts';
import { linus, type Run, type Scene } from './scenario.ts';
import { copyWithBug, ourCode, writeCatalog } from './scene-files.ts';
import { startWorker } from './scene-worker.ts';
import { startStateServer } from './state-server.ts';

/** In place of the bot: the scenarios tell of the runs themselves. */
const startSilentChat = async (address: string, namespace: string) => {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: taskQueues.chat,
    activities: { notify_users: async () => undefined },
  });
  const ended = worker.run();
  return async () => {
    worker.shutdown();
    await ended;
    await connection.close();
  };
};

/** Opens a namespace, a catalog and a state's server of a scenario's own at a Temporal server. */
export const openScene = async (
  address: string,
  say: Scene['say'],
): Promise<{ scene: Scene; close(): Promise<void> }> => {
  const closing = new AsyncDisposableStack();
  const namespace = `scenario-${randomUUID().slice(0, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-scenario-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  const connection = await Connection.connect({ address });
  closing.defer(() => connection.close());
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const client = new Client({ connection, namespace });
  const stateServer = await startStateServer();
  closing.defer(() => stateServer.stop());
  const catalog = await writeCatalog(folder, stateServer.url);
  closing.defer(await startSilentChat(address, namespace));
  let worker: ReturnType<typeof startWorker> | null = null;
  closing.defer(() => worker?.stop());

  const follow = createFollow(say);
  const scene: Scene = {
    client,
    say,
    stateServer,
    show: (command, run) => {
      const id = run ? ` --workflow-id ${run.workflowId}` : '';
      say(`  $ temporal ${command} --address ${address} --namespace ${namespace}${id}`);
    },
    work: async (code = 'mended') => {
      const program = code === 'mended' ? ourCode : await copyWithBug(folder);
      await worker?.stop();
      const settings = {
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
        QUARTERDECK_CATALOG: catalog,
      };
      worker = startWorker(program, folder, settings);
    },
    provision: async (stack) => {
      const run: Run = await client.workflow.start(provisionWorkflowType, {
        workflowId: provisionWorkflowId(stack, randomUUID()),
        taskQueue: taskQueues.infra,
        args: [{ stack, requestedBy: linus }],
      });
      say(`Provisioning ${stack} as ${run.workflowId}`);
      return run;
    },
    until: (run, status) => Promise.race([follow(run, status), ...(worker === null ? [] : [worker.failed])]),
  };
  return { scene, close: () => closing.disposeAsync() };
};
