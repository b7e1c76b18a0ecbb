import { setTimeout as pause } from 'node:timers/promises';
import { assert, type Scenario } from './scenario.ts';

const pollIntervalMs = 200;
const timeoutMs = 20_000;

/** Any Temporal client finds the run by its status. */
export const advancedVisibility: Scenario = async (scene) => {
  const { client, say } = scene;
  const find = async (query: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
    return found;
  };
  await scene.startWorker();
  const run = await scene.provision('admin-user');
  const directory = `tfDirectory = 'stacks/admin-user'`;
  const findAs = async (status: string): Promise<void> => {
    const query = `provisionStatus = '${status}' AND ${directory}`;
    const until = Date.now() + timeoutMs;
    // Search attributes become visible with a delay.
    while (!(await find(query)).includes(run.workflowId)) {
      assert(Date.now() < until, `no run was found by ${query}`);
      await pause(pollIntervalMs);
    }
    say(`Found by ${query}`);
    scene.showCommand(`workflow list --query "${query}"`);
  };
  await scene.waitFor(run, 'awaiting_approval');
  await findAs('awaiting_approval');
  assert(
    (await find(`provisionStatus = 'succeeded'`)).length === 0,
    'a search for succeeded runs found this run too early',
  );
  await run.signal('deny_apply', {
    by: { id: 'ada@example.com', name: 'Ada Lovelace' },
    reason: 'seen enough',
  });
  await scene.waitFor(run, 'denied');
  await findAs('denied');
};
