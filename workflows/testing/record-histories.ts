// Records one history of every kind: `node workflows/testing/record-histories.ts`. The replay test checks later
// versions of the workflows against them, so record again only together with a version marker. Names as
// arguments record only these: `… provision-overridden`.
import { startDevServer } from '../../scripts/tools/dev-server.ts';
import { failureTypes } from '../contract/failure.ts';
import { cancelUpdate, denyApplyUpdate, retryUpdate } from '../contract/run-messages.ts';
import { taskQueues } from '../contract/task-queues.ts';
import { createHold } from './fake-activities.ts';
import { installQuietRuntime } from './quiet-runtime.ts';
import { recordDrift, recordProvisions } from './record-stacks.ts';
import { grace, linus, sampleCommit, sampleRule } from './samples.ts';
import { createTestWorld, type TestWorld } from './test-world.ts';
import { approve, createFailure, saveHistory } from './write-history.ts';

const recordQueue = async (world: TestWorld) => {
  const service = world.service();
  const holder = await world.deploy(service);
  await world.until(holder, 'awaiting_approval');
  const cancelled = await world.deploy(service);
  const next = await world.deploy(service);
  await world.until(next, ({ queue }) => queue?.position === 2);
  await saveHistory('deploy-queued', next);
  await saveHistory('deploy-pending-approval', holder);
  await cancelled.executeUpdate(cancelUpdate, { args: [{ by: linus }] });
  await holder.terminate();
  await world.until(next, 'awaiting_approval');
  await approve(next);
  await next.result();
  await saveHistory('deploy-succeeded', next);
  await saveHistory('environment', world.client.workflow.getHandle(world.environmentId(service)));
};

const recordEndings = async (world: TestWorld) => {
  const denied = await world.deploy(world.service());
  await world.until(denied, 'awaiting_approval');
  await denied.executeUpdate(denyApplyUpdate, { args: [{ by: grace, reason: 'too late today' }] });
  await denied.result();
  await saveHistory('deploy-denied', denied);

  const expired = await world.deploy(
    world.service({ target: { approval: { ...sampleRule, timeoutMs: 400 } } }),
  );
  await expired.result();
  await saveHistory('deploy-expired', expired);

  const unchanged = await world.deploy(
    world.service({
      check_for_changes: async () => ({
        commit: { sha: sampleCommit, subject: 'Same', author: 'Joan' },
        changed: false,
      }),
    }),
  );
  await unchanged.result();
  await saveHistory('deploy-no-changes', unchanged);
};

const recordCancelledApply = async (world: TestWorld) => {
  const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 3, finished: ['aws_instance.web'] };
  const hold = createHold(() => ({ detail: '', tail: [], log: null, applied }));
  const run = await world.deploy(
    world.service({
      terraform_apply: () =>
        hold.step().catch(() => {
          throw createFailure(failureTypes.interrupted, 'stopped', {
            hint: null,
            tail: [],
            log: null,
            applied,
          });
        }),
    }),
  );
  await world.until(run, 'awaiting_approval');
  await approve(run);
  await hold.started;
  await run.executeUpdate(cancelUpdate, { args: [{ by: linus, reason: 'wrong plan' }] });
  await run.result();
  await saveHistory('deploy-cancelled-in-apply', run);
};

const recordRetry = async (world: TestWorld) => {
  const errors = [createFailure(failureTypes.testsFailed, '2 tests failed')];
  const applies = [createFailure(failureTypes.stalePlan, 'the state changed after the plan')];
  const run = await world.deploy(
    world.service({
      perform_tests: async () => {
        const error = errors.shift();
        if (error) throw error;
        return { detail: '42 tests passed', tail: [], log: null };
      },
      terraform_apply: async () => {
        const error = applies.shift();
        if (error) throw error;
        const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] };
        return { detail: '1 added', tail: [], log: null, applied };
      },
    }),
  );
  await world.until(run, ({ retryUntil }) => retryUntil !== null);
  await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
  const first = await world.until(run, 'awaiting_approval');
  await approve(run);
  await world.until(
    run,
    ({ status, plan }) => status === 'awaiting_approval' && plan?.digest !== first.plan?.digest,
  );
  await approve(run);
  await run.result();
  await saveHistory('deploy-retried', run);
};

installQuietRuntime();
const server = await startDevServer();
const world = await createTestWorld({
  address: server.address,
  workflows: new URL('../index.ts', import.meta.url),
  chatQueue: taskQueues.chat,
});
await recordQueue(world);
await recordEndings(world);
await recordCancelledApply(world);
await recordRetry(world);
await recordProvisions(world);
await recordDrift(world);
await world.close();
await server.teardown();
