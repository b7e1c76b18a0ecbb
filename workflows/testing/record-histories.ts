// Records one history of every kind: `node workflows/testing/record-histories.ts`. The replay test holds
// later versions of the workflows to them, so record again only together with a version marker. Names as
// arguments record those alone: `… provision-overridden`.
import { writeFile } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { devServerSettings, searchAttributeArguments } from '../../scripts/tools/dev-server-arguments.mjs';
import { findTemporalCli } from '../../scripts/tools/temporal-cli.mjs';
import { failureTypes } from '../contract/failure.ts';
import { approveApplyUpdate, cancelUpdate, denyApplyUpdate, retryUpdate } from '../contract/run-messages.ts';
import { taskQueues } from '../contract/task-queues.ts';
import { createHold } from './fake-activities.ts';
import { installQuietRuntime } from './quiet-runtime.ts';
import { ada, grace, linus, sampleCommit, sampleRule } from './samples.ts';
import { createWorld, type Handle, type World } from './world.ts';

/** Without what belongs to the machine that recorded it. */
const scrub = (key: string, value: unknown): unknown => {
  if (key === 'stackTrace') return '';
  return key === 'identity' && typeof value === 'string' ? 'recorder' : value;
};

const wanted = process.argv.slice(2);

const keep = async (name: string, run: { fetchHistory: Handle['fetchHistory'] }) => {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const json = JSON.parse(historyToJSON(await run.fetchHistory()));
  await writeFile(new URL(`../histories/${name}.json`, import.meta.url), `${JSON.stringify(json, scrub)}\n`);
};

const approve = (run: Handle) => run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
const boom = (type: string, message: string, details: object = { hint: null, tail: [], log: null }) =>
  ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });

const recordQueue = async (world: World) => {
  const service = world.service();
  const holder = await world.deploy(service);
  await world.until(holder, 'awaiting_approval');
  const gone = await world.deploy(service);
  const next = await world.deploy(service);
  await world.until(next, ({ queue }) => queue?.position === 2);
  await keep('deploy-queued', next);
  await keep('deploy-pending-approval', holder);
  await gone.executeUpdate(cancelUpdate, { args: [{ by: linus }] });
  await holder.terminate();
  await world.until(next, 'awaiting_approval');
  await approve(next);
  await next.result();
  await keep('deploy-succeeded', next);
  await keep('environment', world.client.workflow.getHandle(world.environmentId(service)));
};

const recordEndings = async (world: World) => {
  const denied = await world.deploy(world.service());
  await world.until(denied, 'awaiting_approval');
  await denied.executeUpdate(denyApplyUpdate, { args: [{ by: grace, reason: 'too late today' }] });
  await denied.result();
  await keep('deploy-denied', denied);

  const expired = await world.deploy(
    world.service({ target: { approval: { ...sampleRule, timeoutMs: 400 } } }),
  );
  await expired.result();
  await keep('deploy-expired', expired);

  const unchanged = await world.deploy(
    world.service({
      check_for_changes: async () => ({
        commit: { sha: sampleCommit, subject: 'Same', author: 'Joan' },
        changed: false,
      }),
    }),
  );
  await unchanged.result();
  await keep('deploy-no-changes', unchanged);
};

const recordCancelledApply = async (world: World) => {
  const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 3, finished: ['aws_instance.web'] };
  const hold = createHold(() => ({ detail: '', tail: [], log: null, applied }));
  const run = await world.deploy(
    world.service({
      terraform_apply: () =>
        hold.step().catch(() => {
          throw boom(failureTypes.interrupted, 'stopped', { hint: null, tail: [], log: null, applied });
        }),
    }),
  );
  await world.until(run, 'awaiting_approval');
  await approve(run);
  await hold.started;
  await run.executeUpdate(cancelUpdate, { args: [{ by: linus, reason: 'wrong plan' }] });
  await run.result();
  await keep('deploy-cancelled-in-apply', run);
};

const recordRetry = async (world: World) => {
  const errors = [boom(failureTypes.testsFailed, '2 tests failed')];
  const applies = [boom(failureTypes.stalePlan, 'the state has moved')];
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
  await keep('deploy-retried', run);
};

const recordProvisions = async (world: World) => {
  const violations = [
    { rule: 'admin_user', level: 'soft', message: 'The plan makes an admin user.' },
  ] as const;
  const verdict = { outcome: 'soft', violations } as const;
  const overridden = await world.provision(
    world.service({ evaluate_policy: async () => ({ verdict, digest: 'digest-soft' }) }),
  );
  await world.until(overridden, 'awaiting_approval');
  await overridden.executeUpdate(approveApplyUpdate, { args: [{ by: ada, reason: 'the audit' }] });
  await overridden.result();
  await keep('provision-overridden', overridden);

  const applies = [
    boom(failureTypes.stalePlan, 'the state has moved'),
    boom(failureTypes.applyFailed, 'no quota'),
  ];
  const destroyed = await world.provision(
    world.service({
      terraform_apply: async () => {
        const error = applies.shift();
        if (error) throw error;
        const applied = { added: 0, changed: 0, destroyed: 2, done: 2, total: 2, finished: [] };
        return { detail: '2 destroyed', tail: [], log: null, applied };
      },
    }),
    { destroy: true },
  );
  for (let plans = 0; plans < 3; plans += 1) {
    await world.until(
      destroyed,
      ({ status, approval }) => status === 'awaiting_approval' && approval?.decision === null,
    );
    await approve(destroyed);
    if (plans === 0) continue;
    if (plans === 1) {
      await world.until(destroyed, ({ retryUntil }) => retryUntil !== null);
      await destroyed.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    }
  }
  await destroyed.result();
  await keep('provision-destroyed', destroyed);
};

installQuietRuntime();
const path = findTemporalCli();
if (!path) throw new Error('recording histories: no Temporal CLI; run `npm test`, which brings it');
const server = await TestWorkflowEnvironment.createLocal({
  server: {
    executable: { type: 'existing-path', path },
    extraArgs: [...devServerSettings, ...searchAttributeArguments],
  },
});
const world = await createWorld({
  address: server.address,
  workflows: new URL('../index.ts', import.meta.url),
  chatQueue: taskQueues.chat,
});
await recordQueue(world);
await recordEndings(world);
await recordCancelledApply(world);
await recordRetry(world);
await recordProvisions(world);
await world.close();
await server.teardown();
