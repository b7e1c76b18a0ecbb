import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { ServiceError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noKeys } from '../../encryption/keys.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import { connectTestClient } from '../../test/temporal.ts';
import { environmentWorkflowId } from '../../workflows/contract/environment.ts';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { defaultQueues } from '../../workflows/contract/task-queues.ts';
import { createEnvironmentActivities } from './environment-activities.ts';

let client: Client;
const started: string[] = [];

beforeAll(async () => {
  client = await connectTestClient();
});
afterAll(async () => {
  await Promise.all(
    started.map((id) =>
      client.workflow
        .getHandle(id)
        .terminate()
        .catch(() => undefined),
    ),
  );
  await client.connection.close();
});

/** A run without a worker: open until it is terminated. */
const startRun = async (service: string, workflowType = 'deploy'): Promise<string> => {
  const workflowId = `total-build-${randomUUID()}`;
  await client.workflow.start(workflowType, {
    workflowId,
    taskQueue: `nobody-${randomUUID()}`,
    args: [],
    typedSearchAttributes: [
      { key: searchAttributes.service, value: service },
      { key: searchAttributes.environment, value: 'live' },
    ],
  });
  started.push(workflowId);
  return workflowId;
};

describe('enter_environment', () => {
  test('starts the environment workflow if it is not running, and signals it otherwise', async () => {
    const service = `s${randomUUID()}`;
    const workflowId = environmentWorkflowId(service, 'live');
    const { enterEnvironment } = createEnvironmentActivities(client, defaultQueues);
    const person = { id: 'ada@example.com', name: 'Ada' };
    started.push(workflowId);
    for (const run of ['run-1', 'run-2']) {
      const request = { workflowId: run, requestedBy: person, at: 1 };
      await enterEnvironment({ service, environment: 'live', request });
    }
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
      signal ? [`${signal.signalName} ${signal.input?.payloads?.[0]?.data}`] : [],
    );
    const first = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(first?.taskQueue?.name).toBe('cicd-queue');
    expect(first?.workflowType?.name).toBe('environment');
    expect(signals).toEqual([
      expect.stringMatching(/^enter .*run-1/),
      expect.stringMatching(/^enter .*run-2/),
    ]);
  });
});

/** The real client, except that runs answer `get_run` as given here: no worker serves them. */
const answering = (statuses: Readonly<Record<string, string | object>>): Client =>
  Object.assign(Object.create(client), {
    workflow: Object.assign(Object.create(client.workflow), {
      getHandle: (workflowId: string) => {
        const handle = client.workflow.getHandle(workflowId);
        const query = () => {
          const said = statuses[workflowId];
          const view = typeof said === 'string' ? { status: said } : said;
          return view ? Promise.resolve(view) : Promise.reject(new Error('no worker answers'));
        };
        return { ...handle, describe: () => handle.describe(), query };
      },
    }),
  });

describe('find_open_runs', () => {
  test('names the open runs, but no closed one and none that never existed', async () => {
    const [open, closed] = [await startRun('a'), await startRun('a')];
    await client.workflow.getHandle(closed).terminate();
    const { findOpenRuns } = createEnvironmentActivities(client, defaultQueues);
    const workflowIds = [closed, open, `total-build-${randomUUID()}`];
    expect((await findOpenRuns({ workflowIds })).open).toEqual([open]);
  });

  test('names the closed runs that may have started to apply, including those that do not answer', async () => {
    const [waited, applied, silent] = [await startRun('a'), await startRun('a'), await startRun('a')];
    const workflowIds = [waited, applied, silent];
    await Promise.all(workflowIds.map((id) => client.workflow.getHandle(id).terminate()));
    const view = (state: string) => ({ stages: [{ name: 'terraform_apply', state }] });
    const answers = { [waited]: view('pending'), [applied]: view('running') };
    const { findOpenRuns } = createEnvironmentActivities(answering(answers), defaultQueues);
    expect(await findOpenRuns({ workflowIds })).toEqual({ open: [], cutShort: [applied, silent] });
  });

  test('an unreachable server is an error, never an answer', async () => {
    const away = connectClient({
      address: '127.0.0.1:1',
      addressFrom: 'the test',
      namespace: 'default',
      queues: defaultQueues,
      tls: false,
      certificateExpires: null,
      apiKey: null,
      metadata: {},
      encryption: noKeys,
    });
    const { findOpenRuns } = createEnvironmentActivities(away, defaultQueues);
    const failure = await findOpenRuns({ workflowIds: ['total-build-1'] }).catch((error) => error);
    expect(failure.message).toContain('checking whether run total-build-1 is open: ');
    expect(failure.cause).toBeInstanceOf(ServiceError);
    await away.connection.close();
  });
});

describe('find_holders', () => {
  test('names the open runs that hold this environment', async () => {
    const service = `s${randomUUID()}`;
    const [queued, applying, failed] = [
      await startRun(service),
      await startRun(service),
      await startRun(service),
    ];
    await startRun(`other-${service}`);
    const statuses = { [queued]: 'queued', [applying]: 'applying', [failed]: 'failed' };
    const { findHolders } = createEnvironmentActivities(answering(statuses), defaultQueues);
    await vi.waitFor(
      async () => expect(await findHolders({ service, environment: 'live' })).toEqual([applying]),
      { timeout: 30_000, interval: 200 },
    );
    expect(await findHolders({ service, environment: 'preview' })).toEqual([]);
  });

  test('a run that does not answer is an error while it is open, and ignored once it has ended', async () => {
    const service = `s${randomUUID()}`;
    const workflowId = await startRun(service);
    const { findHolders } = createEnvironmentActivities(answering({}), defaultQueues);
    await vi.waitFor(
      () =>
        expect(findHolders({ service, environment: 'live' })).rejects.toThrow(
          `checking whether run ${workflowId} holds its environment lock: no worker answers`,
        ),
      { timeout: 30_000, interval: 200 },
    );
    await client.workflow.getHandle(workflowId).terminate();
    expect(await findHolders({ service, environment: 'live' })).toEqual([]);
  });

  test('a service name with special characters cannot break the query', async () => {
    const { findHolders } = createEnvironmentActivities(client, defaultQueues);
    expect(await findHolders({ service: "x' OR WorkflowType = 'deploy", environment: 'live' })).toEqual([]);
  });
});
