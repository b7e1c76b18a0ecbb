import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { type Deploy, deployWorkflowId } from '../workflows/contract/deploy.ts';
import { runQuery } from '../workflows/contract/run-messages.ts';
import { connectOwnNamespace, createWorkerFolder, findLine, healthPort } from './testing/worker-process.ts';

const patience = { timeout: 45_000, interval: 100 };

let place: ReturnType<typeof createWorkerFolder>;
beforeEach(() => {
  place = createWorkerFolder(process.env.PATH);
  writeFileSync(
    join(place.folder, 'quarterdeck.yaml'),
    'services: { web: { repo: ./web.git, environments: { live: { approval: none } } } }',
  );
});
afterEach(() => place.clean());

describe('the worker', () => {
  test('starts with an address and a catalog, polls for work, and exits cleanly on SIGTERM', async () => {
    const client = await connectOwnNamespace(inject('temporalAddress'));
    const worker = place.start({
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: client.options.namespace,
      QUARTERDECK_CATALOG: 'quarterdeck.yaml',
      WORKER_HEALTH_PORT: '0',
    });
    await vi.waitFor(() => expect(findLine(worker, 'polling task queues')).toBeDefined(), patience);
    const port = healthPort(worker);
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return `${response.status} ${await response.text()}`;
    };
    await vi.waitFor(async () => expect(await ask('/readyz')).toBe('200 ok\n'), patience);
    expect(await ask('/healthz')).toBe('200 ok\n');
    expect(await ask('/nowhere')).toMatch(/^404/);

    // A run that the worker refuses by itself: the workflow, the catalog and the registered names meet.
    const workflowId = deployWorkflowId(randomUUID());
    const handle = await client.workflow.start<Deploy>('deploy', {
      workflowId,
      taskQueue: 'cicd-queue',
      args: [{ service: 'wbe', environment: 'live', requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
    });
    await vi.waitFor(async () => {
      const { failure } = await handle.query(runQuery);
      expect(failure).toMatchObject({ type: 'UnknownService', hint: 'Did you mean web? Known: web.' });
    }, patience);
    await client.connection.close();

    expect(findLine(worker, 'stage failed')).toMatchObject({
      workflowId,
      stage: 'resolve_target',
      type: 'UnknownService',
    });
    expect(await ask('/metrics')).toMatch(
      /quarterdeck_stage_failures_total\{stage="resolve_target",type="UnknownService",process="worker"\} 1/,
    );

    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(findLine(worker, 'stopping')).toMatchObject({ signal: 'SIGTERM' });
    expect(worker.lines().at(-1)).toMatchObject({ msg: 'stopped' });
    expect(worker.stderr()).toBe('');
  });

  test('waits for an unreachable server, and can be stopped while it waits', async () => {
    const worker = place.start({ TEMPORAL_ADDRESS: '127.0.0.1:1', WORKER_HEALTH_PORT: '0' });
    await vi.waitFor(
      () => expect(findLine(worker, 'waiting for Temporal at 127.0.0.1:1')).toBeDefined(),
      patience,
    );
    const ready = await fetch(`http://127.0.0.1:${healthPort(worker)}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, 'waiting for Temporal at 127.0.0.1:1\n']);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
  });

  test('refuses to start with an invalid catalog, and lists every problem', async () => {
    writeFileSync(join(place.folder, 'quarterdeck.yaml'), 'services:\n  web: { repo: 1 }\n  Api: {}\n');
    const worker = place.start({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(await worker.ended).toBe(1);
    expect(worker.stderr()).toMatch(
      /^reading the catalog .*quarterdeck\.yaml: \n {2}- line 2: .*repo must be text/,
    );
    expect(worker.stderr().split('\n  - ')).toHaveLength(6);
  });

  test('refuses to start with an invalid environment, and lists every problem', async () => {
    const worker = place.start({
      WORKER_HEALTH_PORT: 'x',
      TEMPORAL_MTLS_TLS_KEY: '/nowhere',
      QUARTERDECK_CATALOGUE: 'q.yaml',
    });
    expect(await worker.ended).toBe(1);
    expect(worker.stderr()).toMatch(
      /WORKER_HEALTH_PORT: must be .*TEMPORAL_MTLS_TLS_CERT is not.*did you mean QUARTERDECK_CATALOG\?/s,
    );
  });
});
