import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
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
  test('starts one run for one invocation, however often it is delivered', async () => {
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

  test('delivered again after its run is over, shows that run and starts nothing', async () => {
    const call = bot.call('deploy', bot.service({ target: { approval: null } }));
    const { workflowId = '' } = await bot.dispatch(call);
    await bot.world.client.workflow.getHandle(workflowId).result();
    const again = await bot.dispatch(call);
    expect(again.workflowId).toBe(workflowId);
    expect(again.card.summary).toContain('Deployed');
  });

  test('refuses names that the catalog does not have, with the nearest one', async () => {
    const service = bot.service();
    expect(said(await ask('deploy', `${service}x`))).toContain(`Did you mean ${service}?`);
    expect(said(await ask('deploy', `${service} prodution`))).toContain('Did you mean production?');
    expect(said(await ask('deploy', ''))).toContain('What you can ask for');
  });

  test('takes names in any case', async () => {
    const service = bot.service({ target: { approval: null } });
    const id = await deployed(service.toUpperCase(), {}, 'PREVIEW');
    expect(await until(id, 'succeeded')).toMatchObject({ name: service, environment: 'preview' });
  });
});

describe('decisions', () => {
  test('an approval by somebody else applies the plan, and the card and its thread say so', async () => {
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

  test('a doubled click counts once and answers the same', async () => {
    const id = await asked({}, { required: 2 });
    const click = bot.call('approve', id, { actor: ada });
    const [one, two] = await Promise.all([bot.dispatch(click), bot.dispatch(click)]);
    expect(said(one)).toBe(said(two));
    expect((await until(id, () => true)).approval?.votes).toHaveLength(1);
    expect(said(await ask('approve', id, { actor: ada }))).toContain('Ada has approved already, 1 of 2');
  });

  test('whoever may not decide is told why, and it is written down', async () => {
    const id = await asked();
    await vi.waitFor(
      async () =>
        expect(await bot.store.runs.get(id)).toMatchObject({ view: { status: 'awaiting_approval' } }),
      until30,
    );
    expect(said(await ask('approve', id))).toContain(
      'You may not approve this. Those who may: ada@example.com, grace@example.com.',
    );
    expect(said(await ask('deny', `${id} no`, { actor: { id: 'eve@example.com', name: 'Eve' } }))).toContain(
      'You may not deny this',
    );
    const mine = await asked({ actor: ada });
    await vi.waitFor(
      async () =>
        expect(await bot.store.runs.get(mine)).toMatchObject({ view: { status: 'awaiting_approval' } }),
      until30,
    );
    expect(said(await ask('approve', mine, { actor: ada }))).toContain('somebody else must approve it');
    const refused = (await bot.store.audit.of(id)).filter(({ kind }) => kind === 'refused');
    expect(refused.map(({ by, details }) => [by, details.command])).toEqual([
      [linus.id, 'approve'],
      ['eve@example.com', 'deny'],
    ]);
  });

  test('what the workflow refuses is told in its words, and written down', async () => {
    const id = await asked();
    const reply = await ask('approve', id, { actor: ada, digest: 'another-plan' });
    expect(said(reply)).toContain('The plan that you saw was replaced by a newer one');
    expect((await bot.store.audit.of(id)).filter(({ kind }) => kind === 'refused')).toHaveLength(1);
  });

  test('a denial needs a reason and ends the run', async () => {
    const id = await asked();
    expect(said(await ask('deny', id, { actor: grace }))).toContain('a denial needs a reason');
    await ask('deny', `${id} it's "too late" today; rm -rf /`, { actor: grace });
    const view = await until(id, 'denied');
    expect(view.approval?.decision).toMatchObject({ reason: `it's "too late" today; rm -rf /` });
    await vi.waitFor(() => expect(cardOf(id)[0]?.card.summary).toContain('Denied by Grace'), until30);
    expect(cardOf(id)[0]?.card.buttons).toEqual([]);
    await bot.world.client.workflow.getHandle(id).result();
    const late = await ask('approve', id, { actor: ada });
    expect(late.card.summary).toContain('Too late to approve: Denied by Grace');
  });

  test('cancel and retry have their own words', async () => {
    const id = await asked();
    expect(said(await ask('retry', id))).toContain('There is nothing to retry');
    expect(said(await ask('retry', `${id} please`))).toContain("takes a run's id only");
    expect(said(await ask('cancel', `${id} wrong branch`))).toContain('Cancelling.');
    await until(id, 'cancelled');
    await vi.waitFor(
      () => expect(cardOf(id)[0]?.card.summary).toContain('Cancelled by Linus: wrong branch'),
      until30,
    );
  });
});

describe('when the worker is away', () => {
  const unattended = async (): Promise<string> => {
    const workflowId = deployWorkflowId(randomUUID());
    await bot.client.workflow.start('deploy', {
      workflowId,
      taskQueue: `nobody-${randomUUID()}`,
      args: [{}],
    });
    return workflowId;
  };

  test('a decision is held by Temporal with the key of the click, and the answer says so', async () => {
    const id = await unattended();
    const click = bot.call('approve', id, { actor: ada, digest: 'd' });
    expect(said(await bot.dispatch(click))).toContain('is with Temporal, and the run has not answered yet');
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

  test('a typed decision, which must know the plan, is not sent blindly', async () => {
    const id = await unattended();
    const reply = await ask('approve', id, { actor: ada });
    expect(said(reply)).toContain('does not answer just now. Nothing was changed');
    await bot.world.client.workflow.getHandle(id).terminate('the test is over');
  });
});

describe('when Temporal is away', () => {
  const nowhere = () =>
    bot.createBot(connectClient(readTemporalSettings({ TEMPORAL_ADDRESS: '127.0.0.1:1' })), 4000);

  test('the answer says in time that nothing is confirmed, and what becomes of it follows', async () => {
    const away = nowhere();
    const service = bot.service();
    const call = bot.call('deploy', service, { conversation: `fake:${randomUUID()}` });
    const reply = await away.dispatch(call);
    expect(reply.card.title).toBe('Not confirmed yet');
    await away.late.settled();
    const told = bot.chat.messages.filter(({ to }) => to === call.conversation);
    expect(told.map(({ card }) => card.summary)).toEqual([
      `Temporal did not answer, so it is not known whether the deployment of ${service} to production was started.`,
    ]);
  });

  test('words that change nothing say so', async () => {
    const away = nowhere();
    expect(said(await away.dispatch(bot.call('status', 'abcd')))).toContain("Temporal isn't responding");
    expect(said(await away.dispatch(bot.call('help', '')))).toContain('What you can ask for');
    expect((await away.dispatch(bot.call('status', ''))).card.title).toBe('Deployments');
  });

  test('a start that Temporal takes in a later try is one run, and told', async () => {
    const service = bot.service({ target: { approval: null } });
    const flaky = bot.client.workflow.start.bind(bot.client.workflow);
    let tries = 0;
    const start = vi.spyOn(bot.client.workflow, 'start').mockImplementation(async (...args) => {
      tries += 1;
      if (tries < 5) {
        await pause(400);
        throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
      }
      return flaky(...(args as Parameters<typeof flaky>));
    });
    try {
      const call = bot.call('deploy', service, { conversation: `fake:${randomUUID()}` });
      expect((await bot.dispatch(call)).card.title).toBe('Not confirmed yet');
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
  test('shows one run by the beginning of its id, with its buttons', async () => {
    const id = await asked();
    const reply = await ask('status', uuidOf(id).slice(0, 10));
    expect(reply.workflowId).toBe(id);
    expect(reply.card.buttons.map(({ label }) => label)).toEqual(['Approve', 'Deny', 'Cancel']);
    expect((await ask('deploy', `status ${id}`)).workflowId).toBe(id);
    expect((await ask('/Deploy-Status', uuidOf(id))).workflowId).toBe(id);
  });

  test('says when an id is unknown, too short or could be several', async () => {
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

  test('finds a run that was started elsewhere under an id of its own', async () => {
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
    expect(said(queue)).toContain('no service');
  });

  test('lists what waits for me, what is open, and a service', async () => {
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
  test('goes back to the commit before, and says when there is none', async () => {
    let commit = 'a'.repeat(40);
    const service = bot.service({
      target: { approval: null },
      check_for_changes: async () => ({ commit: { sha: commit, subject: 's', author: 'a' }, changed: true }),
    });
    expect(said(await ask('rollback', service))).toContain('was never deployed from here');
    await until(await deployed(service), 'succeeded');
    await vi.waitFor(
      async () =>
        expect(said(await ask('rollback', service))).toContain(
          `production has had one commit only: ${commit.slice(0, 7)}`,
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
  test('a conversation that subscribes sees the runs of others, until it unsubscribes', async () => {
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

  test('a conversation is told what it hears now, and its last word counts', async () => {
    const service = bot.service();
    const room = { conversation: `fake:${randomUUID()}` };
    const subscribed = () => bot.store.subscriptions.of(service);
    expect(said(await ask('subscribe', service, room))).toContain(`now hears of every run of ${service}.`);
    expect(said(await ask('subscribe', `${service} all`, room))).toContain('already hears of every run');
    expect(said(await ask('subscribe', `${service} Failures`, room))).toContain(
      `now hears only of runs of ${service} that are denied, expired, failed or cancelled, and when it works again.`,
    );
    expect(said(await ask('subscribe', `${service} failures`, room))).toContain('already hears only of');
    expect(await subscribed()).toEqual([{ to: room.conversation, events: 'failures' }]);
    await ask('subscribe', service, room);
    expect(await subscribed()).toEqual([{ to: room.conversation, events: 'all' }]);
  });

  test('help says what can be heard', async () => {
    expect(JSON.stringify((await ask('help', '')).card)).toContain(
      'only those denied, expired, failed or cancelled, and when it works again',
    );
  });
});

describe('a run that somebody ends from outside', () => {
  test('gets a card that says so and offers nothing', async () => {
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
