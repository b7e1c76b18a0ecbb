import { setTimeout as pause } from 'node:timers/promises';
import { assert, type Scenario } from './scenario.ts';

const lookMs = 200;
const patienceMs = 20_000;

/** The run is found by what it is doing, by whoever can ask Temporal. */
export const advancedVisibility: Scenario = async (scene) => {
  const { client, say } = scene;
  const find = async (query: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
    return found;
  };
  await scene.work();
  const run = await scene.provision('admin-user');
  const directory = `tfDirectory = 'stacks/admin-user'`;
  const findAs = async (status: string): Promise<void> => {
    const query = `provisionStatus = '${status}' AND ${directory}`;
    const until = Date.now() + patienceMs;
    // What a run has set is found a moment later.
    while (!(await find(query)).includes(run.workflowId)) {
      assert(Date.now() < until, `nothing was found by ${query}`);
      await pause(lookMs);
    }
    say(`Found by ${query}`);
    scene.show(`workflow list --query "${query}"`);
  };
  await scene.until(run, 'awaiting_approval');
  await findAs('awaiting_approval');
  assert((await find(`provisionStatus = 'succeeded'`)).length === 0, 'it was found before it had succeeded');
  await run.signal('deny_apply', {
    by: { id: 'ada@example.com', name: 'Ada Lovelace' },
    reason: 'seen enough',
  });
  await scene.until(run, 'denied');
  await findAs('denied');
};
