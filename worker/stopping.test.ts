import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { type Deploy, deployWorkflowId } from '../workflows/contract/deploy.ts';
import { connectOwnNamespace, createWorkerFolder } from './testing/worker-process.ts';

const patience = { timeout: 60_000, interval: 100 };

let place: ReturnType<typeof createWorkerFolder>;
let client: Client;
beforeEach(async () => {
  place = createWorkerFolder(process.env.PATH);
  client = await connectOwnNamespace(inject('temporalAddress'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: place.folder,
      stdio: 'ignore',
    });
  git('init', '--initial-branch=main', 'web');
  writeFileSync(join(place.folder, 'web', 'README.md'), 'A service.\n');
  git('-C', 'web', 'add', '.');
  git('-C', 'web', 'commit', '--message=First');
});
afterEach(async () => {
  await place.clean();
  await client.connection.close();
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Starts a worker and a run, and comes back when the run's test command runs. */
const startTesting = async (line: string, grace: string) => {
  const started = join(place.folder, 'started');
  const catalog = {
    services: { web: { repo: './web', test: line, environments: { live: { approval: 'none' } } } },
  };
  writeFileSync(join(place.folder, 'quarterdeck.yaml'), JSON.stringify(catalog));
  const worker = place.start({
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: client.options.namespace,
    WORKER_SHUTDOWN_GRACE: grace,
  });
  const handle = await client.workflow.start<Deploy>('deploy', {
    workflowId: deployWorkflowId(randomUUID()),
    taskQueue: 'cicd-queue',
    args: [{ service: 'web', environment: 'live', requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
  });
  await vi.waitFor(
    () => expect(existsSync(started) && readFileSync(started, 'utf8')).toMatch(/^\d+\n/),
    patience,
  );
  return { worker, handle, pid: Number(readFileSync(started, 'utf8')) };
};

describe('a stopping worker', () => {
  test('lets a running stage finish within the grace time, and keeps its result', async () => {
    const folder = JSON.stringify(place.folder);
    const line = `echo $$ > ${folder}/started; while [ ! -e ${folder}/go ]; do sleep 0.1; done; echo 3 passed`;
    const { worker, handle } = await startTesting(line, '60s');
    worker.child.kill('SIGTERM');
    await vi.waitFor(
      () =>
        expect(worker.lines().map(({ msg }) => msg)).toContain('stopping; send the signal again to force'),
      patience,
    );
    writeFileSync(join(place.folder, 'go'), '');
    expect(await worker.ended).toBe(0);
    const { events } = await handle.fetchHistory();
    const completed = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes);
    const last = completed.at(-1)?.activityTaskCompletedEventAttributes?.result?.payloads?.[0]?.data;
    expect(String(last)).toContain('3 passed');
  });

  test('cancels a longer stage, leaves no process behind, and another worker resumes the run', async () => {
    const line = `echo $$ > ${JSON.stringify(place.folder)}/started; exec sleep 600`;
    const { worker, handle, pid } = await startTesting(line, '1s');
    expect(isAlive(pid)).toBe(true);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
    const { status, raw } = await handle.describe();
    expect(status.name).toBe('RUNNING');
    expect(raw.pendingActivities?.map(({ activityType }) => activityType?.name)).toContain('perform_tests');
  });
});
