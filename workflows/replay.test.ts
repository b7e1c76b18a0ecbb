import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { installQuietRuntime } from './testing/quiet-runtime.ts';

const folder = new URL('./histories/', import.meta.url);

test('the workflows replay every recorded history', async () => {
  installQuietRuntime();
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  expect(names).toEqual([
    'deploy-cancelled-in-apply.json',
    'deploy-denied.json',
    'deploy-expired.json',
    'deploy-no-changes.json',
    'deploy-pending-approval.json',
    'deploy-queued.json',
    'deploy-retried.json',
    'deploy-succeeded.json',
    'drift-told.json',
    'environment.json',
    'provision-destroyed.json',
    'provision-overridden.json',
  ]);
  const histories = await Promise.all(
    names.map(async (workflowId) => ({
      workflowId,
      history: historyFromJSON(JSON.parse(await readFile(new URL(workflowId, folder), 'utf8'))),
    })),
  );
  const replayed: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (error) throw new Error(`replaying ${workflowId}: ${error.message}`, { cause: error });
    replayed.push(workflowId);
  }
  expect(replayed.sort()).toEqual(names);
});
