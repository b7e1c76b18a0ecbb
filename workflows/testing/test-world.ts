import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { createEnvironmentActivities } from '../../activities/environment/environment-activities.ts';
import { createDataConverter, failureConverterPath } from '../../encryption/data-converter.ts';
import { type KeyRing, noKeys } from '../../encryption/keys.ts';
import type { RunNotification } from '../contract/activities.ts';
import { type Deploy, type DeployInput, deployWorkflowId } from '../contract/deploy.ts';
import { environmentWorkflowId } from '../contract/environment.ts';
import {
  type Provision,
  type ProvisionInput,
  provisionWorkflowId,
  provisionWorkflowType,
} from '../contract/provision.ts';
import { runQuery } from '../contract/run-messages.ts';
import type { RunStatus } from '../contract/run-status.ts';
import type { RunView } from '../contract/run-view.ts';
import { createFakeActivities, createFakeChat, type Script } from './fake-activities.ts';
import { installQuietRuntime } from './quiet-runtime.ts';
import { retryLostQueries } from './retry-lost-queries.ts';
import { linus } from './samples.ts';

interface Options {
  readonly address: string;
  /** Which workflows: the quick ones unless another file is named. */
  readonly workflows?: URL;
  readonly taskQueue?: string;
  readonly chatQueue?: string;
  /** How long a task waits for the worker that knows the run; a short wait is for tests that replace it. */
  readonly stickyWait?: '1s' | '10s';
  readonly encryption?: KeyRing;
}

/** Of a run of any kind. */
export type Handle = WorkflowHandle<Deploy | Provision>;

const quick = new URL('./short-timeout-workflows.ts', import.meta.url);

/** Workers with fake activities on the real server, and the runs of one test file. */
export const createTestWorld = async ({
  address,
  workflows = quick,
  stickyWait = '1s',
  encryption = noKeys,
  ...queues
}: Options) => {
  installQuietRuntime();
  const dataConverter = createDataConverter(encryption);
  const failures = failureConverterPath(encryption);
  const asking = await Connection.connect({ address });
  const client = new Client({
    connection: asking,
    identity: 'tests',
    dataConverter,
    interceptors: { workflow: [retryLostQueries(asking)] },
  });
  const connection = await NativeConnection.connect({ address });
  const taskQueue = queues.taskQueue ?? `test-${randomUUID()}`;
  const scripts = new Map<string, Script>();
  const runs: string[] = [];
  const told: RunNotification[] = [];
  const serviceOf = new Map<string, string>();

  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(workflows),
    ...(failures === undefined ? {} : { failureConverterPath: failures }),
    logger: new DefaultLogger('ERROR'),
  });
  const activities = createFakeActivities(
    (service) => scripts.get(service) ?? {},
    createEnvironmentActivities(client, { deploy: taskQueue, provision: taskQueue }),
  );
  const chat = createFakeChat(
    async (notice) => {
      await scripts.get(serviceOf.get(notice.workflowId) ?? '')?.notify?.(notice);
      told.push(notice);
    },
    (report) => scripts.get(report.stack)?.report?.(report),
  );

  const start = async (options: Partial<Parameters<typeof Worker.create>[0]>) => {
    const worker = await Worker.create({
      connection,
      dataConverter,
      identity: 'tests',
      taskQueue,
      maxHeartbeatThrottleInterval: '100ms',
      defaultHeartbeatThrottleInterval: '100ms',
      stickyQueueScheduleToStartTimeout: stickyWait,
      ...options,
    });
    const done = worker.run();
    return async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
    };
  };
  const startWorker = (keys = encryption) =>
    start({ workflowBundle, activities, dataConverter: createDataConverter(keys) });
  const stops = [
    await startWorker(),
    await start({ taskQueue: queues.chatQueue ?? `${taskQueue}-chat`, activities: chat }),
  ];

  return {
    client,
    taskQueue,
    /** Stops the worker of workflows and activities, and then starts another, as an upgrade does. */
    replaceWorker: async (keys = encryption) => {
      await stops.shift()?.();
      stops.unshift(await startWorker(keys));
    },
    /** Runs it again from its history; throws when the workflows would now decide otherwise. */
    replay: async (workflowId: string) => {
      const history = await client.workflow.getHandle(workflowId).fetchHistory();
      await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, workflowId);
    },
    told: (workflowId: string) =>
      told.filter((notice) => notice.workflowId === workflowId).map(({ kind }) => kind),
    /** A service of its own for a test; without a script everything succeeds. */
    service: (script: Script = {}): string => {
      const service = `s${randomUUID().slice(0, 8)}`;
      scripts.set(service, script);
      return service;
    },
    deploy: async (service: string, input: Partial<DeployInput> = {}): Promise<Handle> => {
      const workflowId = deployWorkflowId(randomUUID());
      runs.push(workflowId);
      serviceOf.set(workflowId, service);
      return client.workflow.start<Deploy>('deploy', {
        workflowId,
        taskQueue,
        args: [{ service, environment: 'production', requestedBy: linus, ...input }],
      });
    },
    provision: async (stack: string, input: Partial<ProvisionInput> = {}): Promise<Handle> => {
      const workflowId = provisionWorkflowId(stack, randomUUID());
      runs.push(workflowId);
      serviceOf.set(workflowId, stack);
      return client.workflow.start<Provision>(provisionWorkflowType, {
        workflowId,
        taskQueue,
        args: [{ stack, requestedBy: linus, ...input }],
      });
    },
    view: (handle: Handle): Promise<RunView> => handle.query(runQuery),
    /** The run when it shows what is awaited. */
    until: async (handle: Handle, awaited: RunStatus | ((view: RunView) => boolean)): Promise<RunView> => {
      const isSo = typeof awaited === 'function' ? awaited : (view: RunView) => view.status === awaited;
      const end = Date.now() + 120_000;
      for (;;) {
        const view = await handle.query(runQuery);
        if (isSo(view)) return view;
        if (Date.now() > end) throw new Error(`waiting for ${awaited}: ${JSON.stringify(view)}`);
        await setTimeout(80);
      }
    },
    environmentId: (service: string) => environmentWorkflowId(service, 'production'),
    close: async () => {
      const environments = [...scripts.keys()].flatMap((service) => [
        environmentWorkflowId(service, 'production'),
        environmentWorkflowId(service, 'stack'),
      ]);
      const ends = [...runs, ...environments].map((id) =>
        // Most have closed already, or never began.
        client.workflow
          .getHandle(id)
          .terminate('the test is over')
          .catch(() => undefined),
      );
      await Promise.all(ends);
      await Promise.all(stops.map((stop) => stop()));
      await connection.close();
      await client.connection.close();
    },
  };
};

export type TestWorld = Awaited<ReturnType<typeof createTestWorld>>;
