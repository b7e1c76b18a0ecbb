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
  /** A file that exports the workflows; by default those with short timeouts. */
  readonly workflows?: URL;
  readonly taskQueue?: string;
  readonly chatQueue?: string;
  /** How long a workflow task waits for the worker that has the run in its cache; short for tests that replace it. */
  readonly stickyWait?: '1s' | '10s';
  readonly encryption?: KeyRing;
}

/** A run of any kind. */
export type Handle = WorkflowHandle<Deploy | Provision>;

const shortTimeouts = new URL('./short-timeout-workflows.ts', import.meta.url);

/** The runs of one test file, on the real server, with workers whose activities follow scripts. */
export const createTestWorld = async ({
  address,
  workflows = shortTimeouts,
  stickyWait = '1s',
  encryption = noKeys,
  ...queues
}: Options) => {
  installQuietRuntime();
  const dataConverter = createDataConverter(encryption);
  const failures = failureConverterPath(encryption);
  const clientConnection = await Connection.connect({ address });
  const client = new Client({
    connection: clientConnection,
    identity: 'tests',
    dataConverter,
    interceptors: { workflow: [retryLostQueries(clientConnection)] },
  });
  const connection = await NativeConnection.connect({ address });
  const taskQueue = queues.taskQueue ?? `test-${randomUUID()}`;
  const scripts = new Map<string, Script>();
  const runs: string[] = [];
  const notifications: RunNotification[] = [];
  const services = new Map<string, string>();

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
      await scripts.get(services.get(notice.workflowId) ?? '')?.notify?.(notice);
      notifications.push(notice);
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
    /** Stops the worker of workflows and activities, then starts another one, as an upgrade does. */
    replaceWorker: async (keys = encryption) => {
      await stops.shift()?.();
      stops.unshift(await startWorker(keys));
    },
    /** Replays a run from its history; rejects when the workflows decide differently. */
    replay: async (workflowId: string) => {
      const history = await client.workflow.getHandle(workflowId).fetchHistory();
      await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, workflowId);
    },
    /** Kinds of the delivered notifications of a run, in order. */
    notified: (workflowId: string) =>
      notifications.filter((notice) => notice.workflowId === workflowId).map(({ kind }) => kind),
    /** The name of a new service or stack for one test; without a script every step succeeds. */
    service: (script: Script = {}): string => {
      const service = `s${randomUUID().slice(0, 8)}`;
      scripts.set(service, script);
      return service;
    },
    deploy: async (service: string, input: Partial<DeployInput> = {}): Promise<Handle> => {
      const workflowId = deployWorkflowId(randomUUID());
      runs.push(workflowId);
      services.set(workflowId, service);
      return client.workflow.start<Deploy>('deploy', {
        workflowId,
        taskQueue,
        args: [{ service, environment: 'production', requestedBy: linus, ...input }],
      });
    },
    provision: async (stack: string, input: Partial<ProvisionInput> = {}): Promise<Handle> => {
      const workflowId = provisionWorkflowId(stack, randomUUID());
      runs.push(workflowId);
      services.set(workflowId, stack);
      return client.workflow.start<Provision>(provisionWorkflowType, {
        workflowId,
        taskQueue,
        args: [{ stack, requestedBy: linus, ...input }],
      });
    },
    view: (handle: Handle): Promise<RunView> => handle.query(runQuery),
    /** Waits for a status or a condition, and returns the run's view. */
    until: async (handle: Handle, expected: RunStatus | ((view: RunView) => boolean)): Promise<RunView> => {
      const isReached =
        typeof expected === 'function' ? expected : (view: RunView) => view.status === expected;
      const end = Date.now() + 120_000;
      for (;;) {
        const view = await handle.query(runQuery);
        if (isReached(view)) return view;
        if (Date.now() > end) throw new Error(`waiting for ${expected}: ${JSON.stringify(view)}`);
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
        // Most are closed already, or were never started.
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
