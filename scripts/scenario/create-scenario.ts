import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { provisionWorkflowId, provisionWorkflowType } from '../../workflows/contract/provision.ts';
import { taskQueues } from '../../workflows/contract/task-queues.ts';
import { createRunPrinter } from './run-printer.ts';
import { linus, type Run, type ScenarioContext } from './scenario.ts';
import { copyWithBug, sourceRoot, writeCatalog } from './scenario-files.ts';
import { startStateServer } from './state-server.ts';

/** Starts a worker as a separate process, without the settings of this one. */
const startWorkerProcess = (
  code: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): { stop(): Promise<void>; readonly failed: Promise<never> } => {
  const { PATH = '', HOME = '', TF_CLI_CONFIG_FILE } = process.env;
  const child = execa(process.execPath, [join(code, 'worker', 'main.ts')], {
    cwd: folder,
    env: { PATH, HOME, ...(TF_CLI_CONFIG_FILE ? { TF_CLI_CONFIG_FILE } : {}), ...settings },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: 15_000,
  });
  let stopping = false;
  const failed = child.then(({ all }) => {
    // `stop` reports the end of a worker that was stopped, so this promise stays pending.
    if (stopping) return new Promise<never>(() => undefined);
    throw new Error(`the worker exited unexpectedly:\n${all.slice(-4000)}`);
  });
  failed.catch(() => undefined); // awaited together with the run's status
  return {
    failed,
    stop: async () => {
      stopping = true;
      child.kill('SIGTERM');
      await child;
    },
  };
};

/** Replaces the bot: the scenarios print the runs' progress. */
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

/** Prepares a namespace, a catalog and a state server for one scenario on a Temporal server. */
export const createScenario = async (
  address: string,
  say: ScenarioContext['say'],
): Promise<{ scene: ScenarioContext; close(): Promise<void> }> => {
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
  let worker: ReturnType<typeof startWorkerProcess> | null = null;
  closing.defer(() => worker?.stop());

  const follow = createRunPrinter(say);
  const scene: ScenarioContext = {
    client,
    say,
    stateServer,
    showCommand: (command, run) => {
      const id = run ? ` --workflow-id ${run.workflowId}` : '';
      say(`  $ temporal ${command} --address ${address} --namespace ${namespace}${id}`);
    },
    startWorker: async (code = 'fixed') => {
      const program = code === 'fixed' ? sourceRoot : await copyWithBug(folder);
      await worker?.stop();
      const settings = {
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
        QUARTERDECK_CATALOG: catalog,
      };
      worker = startWorkerProcess(program, folder, settings);
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
    waitFor: (run, status) =>
      Promise.race([follow(run, status), ...(worker === null ? [] : [worker.failed])]),
  };
  return { scene, close: () => closing.disposeAsync() };
};
