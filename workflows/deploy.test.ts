import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Deploy } from './contract/deploy.ts';
import { environmentQuery } from './contract/environment.ts';
import { failureTypes } from './contract/failure.ts';
import {
  approveApplyUpdate,
  planQuery,
  progressQuery,
  runQuery,
  statusQuery,
} from './contract/run-messages.ts';
import type { RunView } from './contract/run-view.ts';
import { deployStages, type StageName } from './contract/stage.ts';
import { ada, linus, sampleCommit, samplePlan } from './testing/samples.ts';
import { createTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterAll(() => world.close());

const states = (view: RunView): Partial<Record<StageName, string>> =>
  Object.fromEntries(view.stages.map(({ name, state }) => [name, state]));
const facts = (view: RunView): string[] => view.events.map(({ kind }) => kind);

describe.concurrent('the deploy workflow', { timeout: 180_000 }, () => {
  // Polling in concurrent tests needs the test's own expect.
  test('requests approval after tests, image and plan, and applies the approved plan', async ({ expect }) => {
    const service = world.service();
    const run = await world.deploy(service);
    const waiting = await world.until(run, 'awaiting_approval');
    expect(states(waiting)).toMatchObject({ evaluate_policy: 'succeeded', approval: 'running' });
    expect(await run.query(planQuery)).toEqual(samplePlan('1').summary);
    expect(await run.query(statusQuery)).toBe('awaiting_approval');
    expect(await run.query(progressQuery)).toBeGreaterThan(50);

    // A notification that is not delivered yet replaces an earlier one.
    await expect.poll(() => world.notified(run.workflowId), { timeout: 60_000 }).toContain('question');
    const planDigest = waiting.plan?.digest ?? '';
    const answer = await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada, planDigest }] });
    expect(answer).toEqual({ status: 'applying', counted: true, message: 'approved' });

    const view = await run.result();
    expect(view).toMatchObject({
      status: 'succeeded',
      progress: 100,
      queue: null,
      image: `${service}:3f2a91c`,
    });
    expect(view.stages.map(({ name }) => name)).toEqual(deployStages);
    expect(view.stages.every(({ state, attempt }) => state === 'succeeded' && attempt === 1)).toBe(true);
    expect(view.stages[3]).toMatchObject({ detail: '42 tests passed', tail: ['42 tests passed'] });
    expect(facts(view)).toEqual([
      'asked',
      'started',
      'planned',
      'question',
      'approved',
      'applying',
      'applied',
      'succeeded',
    ]);
    expect(view.events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(world.notified(run.workflowId)).toEqual(['opened', 'question', 'decided', 'finished']);

    const environment = await world.client.workflow
      .getHandle(world.environmentId(service))
      .query(environmentQuery);
    expect(environment).toMatchObject({ holder: null, unfinished: false });
    expect(environment.applied).toMatchObject([
      { workflowId: run.workflowId, revision: sampleCommit, digest: planDigest, approvedBy: [ada] },
    ]);
  });

  test('can be found by service, environment, requester and status', async () => {
    const service = world.service();
    const run = await world.deploy(service);
    await world.until(run, 'awaiting_approval');
    const { searchAttributes } = await run.describe();
    expect(searchAttributes).toMatchObject({
      quarterdeckService: [service],
      quarterdeckEnvironment: ['production'],
      quarterdeckRequester: [linus.id],
      provisionStatus: ['awaiting_approval'],
    });
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    await run.result();
    expect((await run.describe()).searchAttributes.provisionStatus).toEqual(['succeeded']);
  });

  test('skips the approval in an environment that requires none', async () => {
    const run = await world.deploy(world.service({ target: { approval: null } }));
    const view = await run.result();
    expect(view).toMatchObject({ status: 'succeeded', approval: null });
    expect(states(view)).toMatchObject({ approval: 'skipped', terraform_apply: 'succeeded' });
  });

  const emptyPlan = async () => ({
    detail: 'no changes',
    tail: [],
    log: null,
    plan: samplePlan('e', false),
  });

  test('requests approval also for an empty plan when the environment requires it, then applies nothing', async () => {
    const applies: string[] = [];
    const service = world.service({
      terraform_plan: emptyPlan,
      terraform_apply: async ({ workflowId }) => {
        applies.push(workflowId);
        throw new Error('the test expects no apply');
      },
    });
    const run = await world.deploy(service);
    const waiting = await world.until(run, 'awaiting_approval');
    expect(waiting.plan?.summary.hasChanges).toBe(false);
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(view.stages.filter(({ state }) => state === 'skipped')).toMatchObject([
      { name: 'terraform_apply', detail: 'plan is empty' },
    ]);
    expect(applies).toEqual([]);
    const environment = await world.client.workflow
      .getHandle(world.environmentId(service))
      .query(environmentQuery);
    expect(environment.applied).toMatchObject([{ revision: sampleCommit, approvedBy: [ada] }]);
  });

  test('skips approval and apply for an empty plan that needs no approval, and records the commit', async () => {
    const service = world.service({ target: { approval: null }, terraform_plan: emptyPlan });
    const run = await world.deploy(service);
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(view.stages.filter(({ state }) => state === 'skipped')).toMatchObject([
      { name: 'approval', detail: 'plan is empty' },
      { name: 'terraform_apply', detail: 'plan is empty' },
    ]);
    const environment = await world.client.workflow
      .getHandle(world.environmentId(service))
      .query(environmentQuery);
    expect(environment.applied).toMatchObject([{ revision: sampleCommit, workflowId: run.workflowId }]);
  });

  test('skips all stages when nothing changed, unless the run is forced', async () => {
    const seen: unknown[] = [];
    const service = world.service({
      target: { approval: null },
      check_for_changes: async ({ lastApplied }) => {
        seen.push(lastApplied?.workflowId ?? null);
        return {
          commit: { sha: sampleCommit, subject: 'Same', author: 'Joan' },
          changed: lastApplied?.revision !== sampleCommit,
        };
      },
    });
    const first = await world.deploy(service);
    expect((await first.result()).status).toBe('succeeded');
    const second = await (await world.deploy(service)).result();
    expect(second).toMatchObject({ status: 'no_changes', progress: 100 });
    expect(second.events.at(-1)).toMatchObject({ kind: 'nothing_changed', lastRun: first.workflowId });
    expect(states(second)).toMatchObject({ refresh_repo: 'skipped', terraform_apply: 'skipped' });
    const forced = await (await world.deploy(service, { force: true })).result();
    expect(forced.status).toBe('succeeded');
    expect(seen).toEqual([null, first.workflowId, first.workflowId]);
  });

  test('skips the stages that the catalog does not configure', async () => {
    const run = await world.deploy(
      world.service({ target: { install: null, test: null, image: null, terraform: null } }),
    );
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(view.stages.filter(({ state }) => state === 'skipped').map(({ name }) => name)).toEqual([
      'install_packages',
      'perform_tests',
      'build_image',
      'terraform_plan',
      'evaluate_policy',
      'approval',
      'terraform_apply',
      'terraform_output',
    ]);
  });

  test('fails without a retry window for a hard policy violation', async () => {
    const run = await world.deploy(
      world.service({
        evaluate_policy: async () => ({
          digest: 'd',
          verdict: {
            outcome: 'hard',
            violations: [{ rule: 'max-destroys', level: 'hard', message: 'It destroys the database.' }],
          },
        }),
      }),
    );
    await expect(run.result()).rejects.toMatchObject({
      cause: {
        type: failureTypes.policyViolation,
        message: expect.stringContaining('destroys the database'),
      },
    });
    const view = await world.view(run);
    expect(view).toMatchObject({
      status: 'failed',
      retryUntil: null,
      failure: { stage: 'evaluate_policy', hint: expect.any(String) },
    });
    expect(view.plan?.summary.hasChanges).toBe(true);
    expect(world.notified(run.workflowId)).toContain('finished');
  });

  test('fails for an unknown service without entering a queue', async () => {
    const service = world.service({
      resolve: () => {
        throw ApplicationFailure.nonRetryable(
          'no service "wep"; did you mean web?',
          failureTypes.unknownService,
        );
      },
    });
    const run = await world.deploy(service);
    const failed = await run.result().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(WorkflowFailedError);
    const view = await world.view(run);
    expect(view).toMatchObject({ status: 'failed', failure: { type: failureTypes.unknownService } });
    expect(facts(view)).toEqual(['asked', 'failed']);
    await expect(world.client.workflow.getHandle(world.environmentId(service)).describe()).rejects.toThrow();
  });

  test('rejects an input without a requester', async () => {
    const started = await world.client.workflow.start<Deploy>('deploy', {
      workflowId: `total-build-bad-${world.taskQueue}`,
      taskQueue: world.taskQueue,
      args: [{ service: 'web' } as unknown as Parameters<Deploy>[0]],
    });
    await expect(started.result()).rejects.toMatchObject({ cause: { type: failureTypes.badInput } });
  });

  test('answers queries before its first stage and after it has closed', async () => {
    const target = Promise.withResolvers<void>();
    const run = await world.deploy(world.service({ resolve: () => target.promise }));
    const [first] = await Promise.all([run.query(runQuery), target.resolve()]);
    expect(first).toMatchObject({ status: 'queued', requestedBy: linus, environment: 'production' });
    await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    await run.result();
    expect((await run.query(runQuery)).status).toBe('succeeded');
  });

  test('releases the environment lock before its notifications, which wait until the chat is available', async () => {
    let isChatUnavailable = true;
    const service = world.service({
      target: { approval: null },
      notify: () => {
        if (isChatUnavailable) throw new Error('the chat is unavailable');
      },
    });
    const run = await world.deploy(service);
    const next = await world.deploy(service);
    await world.until(run, 'succeeded');
    await world.until(next, 'succeeded');
    expect(world.notified(run.workflowId)).toEqual([]);
    expect((await run.describe()).status.name).toBe('RUNNING');
    isChatUnavailable = false;
    await Promise.all([run.result(), next.result()]);
    expect(world.notified(run.workflowId).at(-1)).toBe('finished');
    expect(world.notified(next.workflowId).at(-1)).toBe('finished');
  });
});
