import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { environmentQuery } from './contract/environment.ts';
import { failureTypes } from './contract/failure.ts';
import { approveApplyUpdate, retryUpdate } from './contract/run-messages.ts';
import { createHold } from './testing/fake-activities.ts';
import { ada, linus } from './testing/samples.ts';
import { createTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;
/** Ends the activities that pretend to be lost, so that their worker can stop. */
const lostActivity = Promise.withResolvers<never>();
beforeAll(async () => {
  lostActivity.promise.catch(() => undefined);
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterAll(async () => {
  lostActivity.reject(new Error('the test is over'));
  await world.close();
});

const result = { detail: 'ok', tail: [], log: null };

describe('a worker that stops', { timeout: 180_000 }, () => {
  describe.concurrent('without a shutdown', () => {
    test('has its stage repeated by another worker', async () => {
      let calls = 0;
      const service = world.service({
        perform_tests: () => {
          calls += 1;
          return calls === 1 ? lostActivity.promise : Promise.resolve(result);
        },
      });
      const run = await world.deploy(service);
      const view = await world.until(run, 'awaiting_approval');
      expect(calls).toBe(2);
      expect(view.stages.find(({ name }) => name === 'perform_tests')).toMatchObject({ state: 'succeeded' });
    });

    test('during an apply fails the run, which makes a new plan and never repeats the apply by itself', async () => {
      let calls = 0;
      const service = world.service({
        terraform_apply: () => {
          calls += 1;
          return calls === 1
            ? lostActivity.promise
            : Promise.resolve({
                ...result,
                applied: { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] },
              });
        },
      });
      const run = await world.deploy(service);
      await world.until(run, 'awaiting_approval');
      await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
      const failed = await world.until(run, ({ retryUntil }) => retryUntil !== null);
      expect(failed).toMatchObject({
        status: 'failed',
        failure: {
          stage: 'terraform_apply',
          type: failureTypes.interrupted,
          message: 'terraform_apply: worker connection lost (heartbeat timeout)',
        },
        remaining: { summary: { hasChanges: true } },
      });
      expect(failed.events.map(({ kind }) => kind)).toContain('apply_aborted');
      expect(calls).toBe(1);
      const environment = world.client.workflow.getHandle(world.environmentId(service));
      expect(await environment.query(environmentQuery)).toMatchObject({ holder: null, unfinished: true });

      await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
      await world.until(run, 'awaiting_approval');
      await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
      expect((await run.result()).status).toBe('succeeded');
      expect((await environment.query(environmentQuery)).unfinished).toBe(false);
    });
  });

  test('with a shutdown hands its runs to the next worker, also in the middle of a stage', async () => {
    const [first, second] = [createHold(() => result), createHold(() => result)];
    let calls = 0;
    const service = world.service({
      perform_tests: () => {
        calls += 1;
        return calls === 1 ? first.step() : second.step();
      },
    });
    const [run, waiting] = [await world.deploy(service), await world.deploy(world.service())];
    await Promise.all([first.started, world.until(waiting, 'awaiting_approval')]);
    lostActivity.reject(new Error('the first worker is over'));
    await world.replaceWorker();
    await second.started;
    second.release();
    await world.until(run, 'awaiting_approval');
    await Promise.all(
      [run, waiting].map((handle) => handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] })),
    );
    expect(await Promise.all([run.result(), waiting.result()])).toMatchObject([
      { status: 'succeeded' },
      { status: 'succeeded' },
    ]);
  });
});
