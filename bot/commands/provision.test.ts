import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { ada } from '../../workflows/testing/samples.ts';
import type { Reply } from '../platform/platform.ts';
import { createTestBot, type TestBot } from '../testing/test-bot.ts';
import { shortId } from '../text/run-name.ts';

let bot: TestBot;

beforeAll(async () => {
  bot = await createTestBot(inject('temporalAddress'));
});
afterAll(() => bot.close());

const said = ({ card }: Reply): string => JSON.stringify(card);

const until = (workflowId: string, status: RunStatus): Promise<RunView> =>
  vi.waitFor(
    async () => {
      const run = await bot.parts.runs.get(workflowId);
      if (run?.view.status !== status) throw new Error(`still ${run?.view.status}`);
      return run.view;
    },
    { timeout: 30_000, interval: 100 },
  );

const objecting: Parameters<TestBot['stack']>[0] = {
  evaluate_policy: async () => ({
    verdict: {
      outcome: 'soft',
      violations: [{ rule: 'admin_user', level: 'soft', message: 'The plan makes an admin user.' }],
    },
    digest: 'digest-soft',
  }),
};

describe('provision', () => {
  test('starts one run of a stack and shows its card, which status finds by the beginning of the ID', async () => {
    const stack = bot.stack();
    const call = bot.call('provision', stack);
    const [reply, again] = [await bot.dispatch(call), await bot.dispatch(call)];
    expect(again.workflowId).toBe(reply.workflowId);
    expect(said(reply)).toContain(`Provisioning ${stack}`);
    const workflowId = reply.workflowId ?? '';
    expect(workflowId).toMatch(new RegExp(`^provision-${stack}-[0-9a-f-]{36}$`));
    await until(workflowId, 'succeeded');
    const shown = await bot.dispatch(bot.call('status', shortId(workflowId)));
    expect(shown.workflowId).toBe(workflowId);
    expect(said(shown)).toContain(`Provision ${stack}: Provisioned`);
  });

  test('applies a plan that violates the policy after an approver gives a reason', async () => {
    const stack = bot.stack(objecting);
    const { workflowId = '' } = await bot.dispatch(bot.call('provision', stack));
    await until(workflowId, 'awaiting_approval');
    const silent = await bot.dispatch(bot.call('approve', workflowId, { actor: ada }));
    expect(said(silent)).toContain('A reason is required');
    await bot.dispatch(bot.call('approve', `${workflowId} for the audit`, { actor: ada }));
    await until(workflowId, 'succeeded');
    const shown = await bot.dispatch(bot.call('status', workflowId));
    expect(said(shown)).toContain('Overridden by Ada: for the audit');
  });

  test('destroys a stack only after another person has approved', async () => {
    const stack = bot.stack();
    const { workflowId = '' } = await bot.dispatch(bot.call('provision', `${stack} --destroy`));
    const { kind, approval } = await until(workflowId, 'awaiting_approval');
    expect([kind, approval?.selfApproval]).toEqual(['destroy', false]);
    await bot.dispatch(bot.call('deny', `${workflowId} not today`, { actor: ada }));
    await until(workflowId, 'denied');
  });

  test('refuses a name that is not a stack, and suggests the closest one', async () => {
    const [stack, service] = [bot.stack(), bot.service()];
    const near = `${stack.slice(0, -1)}x`;
    expect(said(await bot.dispatch(bot.call('provision', near)))).toContain(`Did you mean ${stack}?`);
    expect(said(await bot.dispatch(bot.call('provision', '')))).toContain('Missing stack');
    expect(said(await bot.dispatch(bot.call('provision', `${stack} --destory`)))).toContain(
      'Unknown option “--destory”',
    );
    expect(said(await bot.dispatch(bot.call('deploy', stack)))).toContain(`Run “provision ${stack}`);
    expect(said(await bot.dispatch(bot.call('deploy', service)))).toContain('Deploying');
  });
});
