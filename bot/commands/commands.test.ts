import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { connectClient } from '../../runtime/connect-client.ts';
import { readTemporalSettings } from '../../runtime/temporal-settings.ts';
import { type Deploy, deployWorkflowId } from '../../workflows/contract/deploy.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { ada, grace, linus, sampleRule } from '../../workflows/testing/samples.ts';
import { sampleRuns } from '../cards/testing/samples.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import { createTestBot, type TestBot } from '../testing/test-bot.ts';

let bot: TestBot;
beforeAll(async () => {
  bot = await createTestBot(inject('temporalAddress'));
  bot.parts.poller.start();
});
afterAll(() => bot.close());

const ask = (command: string, args: string, rest: Partial<Invocation> = {}): Promise<Reply> =>
  bot.dispatch(bot.call(command, args, rest));
const said = ({ card }: Reply): string =>
  [
    card.title,
    card.summary,
    ...card.sections.map((section) => (section.type === 'text' ? section.text : '')),
  ].join('\n');
const uuidOf = (workflowId: string): string => workflowId.replace('total-build-', '');

const handleOf = (workflowId: string) => bot.world.client.workflow.getHandle(workflowId) as never;
const until = (workflowId: string, awaited: RunView['status'] | ((view: RunView) => boolean)) =>
  bot.world.until(handleOf(workflowId), awaited);

const deployed = async (service: string, rest: Partial<Invocation> = {}, words = ''): Promise<string> => {
  const { workflowId, card } = await ask('deploy', `${service} ${words}`, rest);
  if (workflowId === undefined) throw new Error(`not started: ${card.summary}`);
  return workflowId;
};
const asked = async (rest: Partial<Invocation> = {}, rule = {}): Promise<string> => {
  const id = await deployed(bot.service({ target: { approval: { ...sampleRule, ...rule } } }), rest);
  await until(id, 'awaiting_approval');
  return id;
};
const cardOf = (workflowId: string) => bot.chat.messages.filter(({ key }) => key.workflowId === workflowId);
const until30 = { timeout: 30_000, interval: 50 };

describe('deploy', () => {
  test('starts one run for a command that is delivered several times', async () => {
    const service = bot.service();
    const call = bot.call('deploy', `${service} --ref release/7 --force`);
    const replies = await Promise.all([bot.dispatch(call), bot.dispatch(call), bot.dispatch(call)]);
    expect(new Set(replies.map(({ workflowId }) => workflowId)).size).toBe(1);
    const workflowId = replies[0]?.workflowId ?? '';
    expect(said(replies[0] as Reply)).toContain(`Deploying ${service} to production from release/7`);
    const view = await until(workflowId, 'awaiting_approval');
    expect(view).toMatchObject({
      name: service,
      environment: 'production',
      ref: 'release/7',
      force: true,
      requestedBy: linus,
    });
    await vi.waitFor(
      () => expect(cardOf(workflowId)[0]?.card.summary).toContain('Waiting for approval'),
      until30,
    );
    expect(cardOf(workflowId)).toHaveLength(1);
    const description = await bot.client.workflow.getHandle(workflowId).describe();
    expect(description.searchAttributes).toMatchObject({
      quarterdeckService: [service],
      quarterdeckRequester: [linus.id],
    });
    expect(await description.staticSummary()).toBe(`Deploy ${service} to production for Linus`);
  });

  test('shows the run and starts nothing when it is delivered again after the run has ended', async () => {
    const call = bot.call('deploy', bot.service({ target: { approval: null } }));
    const { workflowId = '' } = await bot.dispatch(call);
    await bot.world.client.workflow.getHandle(workflowId).result();
    const again = await bot.dispatch(call);
    expect(again.workflowId).toBe(workflowId);
    expect(again.card.summary).toContain('Deployed');
  });

  test('refuses names that are not in the catalog, and suggests the closest one', async () => {
    const service = bot.service();
    expect(said(await ask('deploy', `${service}x`))).toContain(`Did you mean ${service}?`);
    expect(said(await ask('deploy', `${service} prodution`))).toContain('Did you mean production?');
    expect(said(await ask('deploy', ''))).toContain('Commands');
  });

  test('accepts names in any case', async () => {
    const service = bot.service({ target: { approval: null } });
    const id = await deployed(service.toUpperCase(), {}, 'PREVIEW');
    expect(await until(id, 'succeeded')).toMatchObject({ name: service, environment: 'preview' });
  });
});

describe('decisions', () => {
  test('an approval by another person applies the plan and appears on the card and in its thread', async () => {
    const id = await asked();
    const reply = await ask('approve', `${id} looks good`, { actor: ada });
    expect(said(reply)).toContain('Approved');
    await until(id, 'succeeded');
    await vi.waitFor(() => expect(cardOf(id)[0]?.card.summary).toContain('Deployed'), until30);
    await vi.waitFor(
      () => expect(cardOf(id)[0]?.replies.map(({ post }) => post.text)).toContain('Deployed'),
      until30,
    );
    const texts = cardOf(id)[0]?.replies.map(({ post }) => post.text) ?? [];
    expect(texts).toContain('Approved by Ada (1 of 1): looks good');
    expect(new Set(texts).size).toBe(texts.length);
    expect((await bot.store.audit.of(id)).find(({ kind }) => kind === 'approved')).toMatchObject({
      by: ada.id,
    });
  });

  test('a double click counts once and gets the same answer', async () => {
    const id = await asked({}, { required: 2 });
    const click = bot.call('approve', id, { actor: ada });
    const [one, two] = await Promise.all([bot.dispatch(click), bot.dispatch(click)]);
    expect(said(one)).toBe(said(two));
    expect((await until(id, () => true)).approval?.votes).toHaveLength(1);
    expect(said(await ask('approve', id, { actor: ada }))).toContain('Ada already approved (1 of 2)');
  });

  test('an unauthorized decision is refused with the reason, and recorded', async () => {
    const id = await asked();
    await vi.waitFor(
      async () =>
        expect(await bot.store.runs.get(id)).toMatchObject({ view: { status: 'awaiting_approval' } }),
      until30,
    );
    expect(said(await ask('approve', id))).toContain(
      "You can't approve this run. Approvers: ada@example.com and grace@example.com.",
    );
    expect(said(await ask('deny', `${id} no`, { actor: { id: 'eve@example.com', name: 'Eve' } }))).toContain(
      "You can't deny this run",
    );
    const mine = await asked({ actor: ada });
    await vi.waitFor(
      async () =>
        expect(await bot.store.runs.get(mine)).toMatchObject({ view: { status: 'awaiting_approval' } }),
      until30,
    );
    expect(said(await ask('approve', mine, { actor: ada }))).toContain('another approver must approve it');
    const refused = (await bot.store.audit.of(id)).filter(({ kind }) => kind === 'refused');
    expect(refused.map(({ by, details }) => [by, details.command])).toEqual([
      [linus.id, 'approve'],
      ['eve@example.com', 'deny'],
    ]);
  });

  test('a refusal by the workflow is shown as it is, and recorded', async () => {
    const id = await asked();
    const reply = await ask('approve', id, { actor: ada, digest: 'another-plan' });
    expect(said(reply)).toContain('The plan has changed since you opened it');
    expect((await bot.store.audit.of(id)).filter(({ kind }) => kind === 'refused')).toHaveLength(1);
  });

  test('a denial needs a reason and ends the run', async () => {
    const id = await asked();
    expect(said(await ask('deny', id, { actor: grace }))).toContain('A reason is required to deny');
    await ask('deny', `${id} it's "too late" today; rm -rf /`, { actor: grace });
    const view = await until(id, 'denied');
    expect(view.approval?.decision).toMatchObject({ reason: `it's "too late" today; rm -rf /` });
    await vi.waitFor(() => expect(cardOf(id)[0]?.card.summary).toContain('Denied by Grace'), until30);
    expect(cardOf(id)[0]?.card.buttons).toEqual([]);
    await bot.world.client.workflow.getHandle(id).result();
    const late = await ask('approve', id, { actor: ada });
    expect(late.card.summary).toContain("Can't approve, the run has ended: Denied by Grace");
  });

  test('cancel and retry get answers of their kind', async () => {
    const id = await asked();
    expect(said(await ask('retry', id))).toContain("Can't retry");
    expect(said(await ask('retry', `${id} please`))).toContain('takes only a run ID');
    expect(said(await ask('cancel', `${id} wrong branch`))).toContain('Cancelling.');
    await until(id, 'cancelled');
    await vi.waitFor(
      () => expect(cardOf(id)[0]?.card.summary).toContain('Cancelled by Linus: wrong branch'),
      until30,
    );
  });
});

describe('when no worker runs', () => {
  const unattended = async (): Promise<string> => {
    const workflowId = deployWorkflowId(randomUUID());
    await bot.client.workflow.start('deploy', {
      workflowId,
      taskQueue: `unpolled-${randomUUID()}`,
      args: [{}],
    });
    return workflowId;
  };

  test('Temporal stores a decision under the key of the click, and the answer says so', async () => {
    const id = await unattended();
    const click = bot.call('approve', id, { actor: ada, digest: 'd' });
    expect(said(await bot.dispatch(click))).toContain("was sent, but the run hasn't confirmed it yet");
    const handle = bot.world.client.workflow.getHandle(id);
    const { events } = await handle.fetchHistory();
    const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
      signal
        ? [{ name: signal.signalName, payload: JSON.parse(String(signal.input?.payloads?.[0]?.data)) }]
        : [],
    );
    expect(signals).toEqual([
      { name: 'approve_apply', payload: { by: ada, planDigest: 'd', key: click.idempotencyKey } },
    ]);
    await handle.terminate('the test is over');
  });

  test('a typed decision is not sent when its plan cannot be read', async () => {
    const id = await unattended();
    const reply = await ask('approve', id, { actor: ada });
    expect(said(reply)).toContain("isn't responding. Nothing was changed");
    await bot.world.client.workflow.getHandle(id).terminate('the test is over');
  });
});

describe('when Temporal is unavailable', () => {
  const nowhere = () =>
    bot.createBot(connectClient(readTemporalSettings({ TEMPORAL_ADDRESS: '127.0.0.1:1' })), 4000);

  test('the reply says in time that nothing is confirmed, and the result follows', async () => {
    const away = nowhere();
    const service = bot.service();
    const call = bot.call('deploy', service, { conversation: `fake:${randomUUID()}` });
    const reply = await away.dispatch(call);
    expect(reply.card.title).toBe('Not confirmed yet');
    await away.late.settled();
    const told = bot.chat.messages.filter(({ to }) => to === call.conversation);
    expect(told.map(({ card }) => card.summary)).toEqual([
      `Temporal didn't answer, so Quarterdeck can't tell whether the deployment of ${service} to production was started.`,
    ]);
  });

  test('commands that only read show the last known state', async () => {
    const away = nowhere();
    expect(said(await away.dispatch(bot.call('status', 'abcd')))).toContain("Temporal isn't responding");
    expect(said(await away.dispatch(bot.call('help', '')))).toContain('Commands');
    expect((await away.dispatch(bot.call('status', ''))).card.title).toBe('Deployments');
  });

  test('a start that Temporal accepts on a later attempt is one run, and its reply is delivered', async () => {
    const service = bot.service({ target: { approval: null } });
    const flaky = bot.client.workflow.start.bind(bot.client.workflow);
    let isAvailable = false;
    const start = vi.spyOn(bot.client.workflow, 'start').mockImplementation(async (...args) => {
      if (!isAvailable) throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
      return flaky(...(args as Parameters<typeof flaky>));
    });
    try {
      const call = bot.call('deploy', service, { conversation: `fake:${randomUUID()}` });
      expect((await bot.dispatch(call)).outcome).toBe('unconfirmed');
      isAvailable = true;
      await bot.late.settled();
      const told = bot.chat.messages.filter(
        ({ to, key }) => to === call.conversation && key.part.startsWith('late-'),
      );
      expect(told.map(({ card }) => card.title)).toEqual(['Started']);
    } finally {
      start.mockRestore();
    }
  });
});

describe('status', () => {
  test('shows one run by the beginning of its ID, with its buttons', async () => {
    const id = await asked();
    const reply = await ask('status', uuidOf(id).slice(0, 10));
    expect(reply.workflowId).toBe(id);
    expect(reply.card.buttons.map(({ label }) => label)).toEqual(['Approve', 'Deny', 'Cancel']);
    expect((await ask('deploy', `status ${id}`)).workflowId).toBe(id);
    expect((await ask('/Deploy-Status', uuidOf(id))).workflowId).toBe(id);
  });

  test('refuses an ID that is unknown, too short or ambiguous', async () => {
    expect(said(await ask('status', 'ffffffffffff'))).toContain('No run ID starts with');
    expect(said(await ask('approve', 'ab'))).toContain('is not a run ID');
    const sample = sampleRuns[0]?.run ?? expect.fail('there is no sample');
    const ids = await Promise.all(
      ['1', '2'].map(async (end) => {
        const view = {
          ...sample.view,
          workflowId: `total-build-deadbeef-0000-4000-8000-00000000000${end}`,
        };
        await bot.store.runs.save({ view, live: {}, externalEnd: null }, false);
        return view.workflowId;
      }),
    );
    const reply = said(await ask('cancel', 'deadbeef'));
    for (const id of ids) expect(reply).toContain(uuidOf(id));
    expect(reply).toContain('Type more of the ID.');
  });

  test('finds a run that was started elsewhere under another kind of ID', async () => {
    const service = bot.service();
    for (const workflowId of [`My-run.${service}`, `beef${Date.now()}`]) {
      const run = await bot.client.workflow.start<Deploy>('deploy', {
        workflowId,
        taskQueue: bot.world.taskQueue,
        args: [{ service, environment: 'preview', requestedBy: linus }],
      });
      await vi.waitFor(
        async () => expect((await ask('status', workflowId)).workflowId).toBe(workflowId),
        until30,
      );
      expect((await ask('cancel', `${workflowId} enough`)).workflowId).toBe(workflowId);
      expect((await run.result()).status).toBe('cancelled');
    }
    const queue = await ask('status', `environment-${service}-preview`);
    expect(queue.workflowId).toBeUndefined();
    expect(said(queue)).toContain('Unknown service');
  });

  test('lists pending approvals, active runs, and the runs of a service', async () => {
    const id = await asked();
    await vi.waitFor(
      async () =>
        expect(await bot.parts.runs.waitingFor(ada)).toContainEqual(
          expect.objectContaining({ view: expect.objectContaining({ workflowId: id }) }),
        ),
      until30,
    );
    expect(await bot.parts.runs.waitingFor(linus)).toEqual([]);
    const overview = await ask('status', '', { actor: ada });
    expect(JSON.stringify(overview.card.sections[0])).toContain('Waiting for you');
    const { name: service } = await until(id, () => true);
    expect(JSON.stringify((await ask('status', service)).card.sections)).toContain(uuidOf(id).slice(0, 6));
    expect(said(await ask('status', `${service}zz`))).toContain(`Did you mean ${service}?`);
  });
});

describe('rollback', () => {
  test('deploys the previous commit, and refuses when there is none', async () => {
    let commit = 'a'.repeat(40);
    const service = bot.service({
      target: { approval: null },
      check_for_changes: async () => ({ commit: { sha: commit, subject: 's', author: 'a' }, changed: true }),
    });
    expect(said(await ask('rollback', service))).toContain('Quarterdeck has never deployed');
    await until(await deployed(service), 'succeeded');
    await vi.waitFor(
      async () =>
        expect(said(await ask('rollback', service))).toContain(
          `${commit.slice(0, 7)} is the only known deployment of production`,
        ),
      until30,
    );
    commit = 'b'.repeat(40);
    await until(await deployed(service), 'succeeded');
    const reply = await vi.waitFor(async () => {
      const answer = await ask('rollback', `${service} production`);
      expect(answer.workflowId).toBeDefined();
      return answer;
    }, until30);
    expect(said(reply)).toContain(`Rolling back ${service} production from bbbbbbb to aaaaaaa`);
    expect(await until(reply.workflowId ?? '', 'succeeded')).toMatchObject({
      ref: 'a'.repeat(40),
      force: true,
    });
  });
});

describe('subscriptions', () => {
  test('a subscribed conversation sees the runs of other conversations until it unsubscribes', async () => {
    const service = bot.service({ target: { approval: null } });
    const room = { conversation: `fake:${randomUUID()}` };
    expect((await ask('subscribe', service, room)).visibility).toBe('channel');
    const id = await deployed(service);
    await vi.waitFor(() => expect(cardOf(id).map(({ to }) => to)).toContain(room.conversation), until30);
    await ask('unsubscribe', service, room);
    const next = await deployed(service, {}, '--force');
    await until(next, 'succeeded');
    await vi.waitFor(() => expect(cardOf(next)[0]?.card.summary).toContain('Deployed'), until30);
    expect(cardOf(next).map(({ to }) => to)).toEqual(['fake:room']);
    expect(said(await ask('unsubscribe', service, room))).toContain('is not subscribed');
    expect(said(await ask('subscribe', `${service} sometimes`, room))).toContain('failures');
  });

  test('a conversation learns its present subscription, and the last choice counts', async () => {
    const service = bot.service();
    const room = { conversation: `fake:${randomUUID()}` };
    const subscribed = () => bot.store.subscriptions.of(service);
    expect(said(await ask('subscribe', service, room))).toContain(
      `is now notified about every run of ${service}.`,
    );
    expect(said(await ask('subscribe', `${service} all`, room))).toContain(
      'is already notified about every run',
    );
    expect(said(await ask('subscribe', `${service} Failures`, room))).toContain(
      `is now notified when a run of ${service} fails, is denied, expires or is cancelled, and when ${service} recovers.`,
    );
    expect(said(await ask('subscribe', `${service} failures`, room))).toContain(
      'is already notified when a run',
    );
    expect(await subscribed()).toEqual([{ to: room.conversation, events: 'failures' }]);
    await ask('subscribe', service, room);
    expect(await subscribed()).toEqual([{ to: room.conversation, events: 'all' }]);
  });

  test('help explains both kinds of subscription', async () => {
    expect(JSON.stringify((await ask('help', '')).card)).toContain(
      'all runs, or only failures and recoveries',
    );
  });
});

describe('a run that is terminated in Temporal', () => {
  test('gets a card that says so and has no buttons', async () => {
    const id = await asked();
    await vi.waitFor(() => expect(cardOf(id)[0]?.card.summary).toContain('Waiting'), until30);
    await bot.world.client.workflow.getHandle(id).terminate('by hand');
    bot.parts.poller.watch(id);
    await vi.waitFor(() => expect(cardOf(id)[0]?.card.summary).toContain('Terminated in Temporal'), until30);
    expect(cardOf(id)[0]?.card.buttons).toEqual([]);
    await vi.waitFor(
      async () => expect((await bot.store.runs.open()).map(({ view }) => view.workflowId)).not.toContain(id),
      until30,
    );
  });
});
