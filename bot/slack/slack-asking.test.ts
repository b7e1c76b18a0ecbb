import { afterEach, describe, expect, test, vi } from 'vitest';
import { sampleRuns } from '../cards/testing/samples.ts';
import type { Reply } from '../platform/platform.ts';
import { clickPayload, homeClickPayload, submitPayload } from './testing/interactions.ts';
import { agreed, openSlackWorld, type SlackWorld, type WorldOptions } from './testing/slack-world.ts';

let world: SlackWorld;
const open = async (options?: WorldOptions) => {
  world = await openSlackWorld(options);
  return world;
};
afterEach(async () => {
  vi.useRealTimers();
  await world.close();
});

const reply = (
  over: Partial<Reply['card']>,
  visibility: Reply['visibility'] = 'ephemeral',
  outcome: Reply['outcome'] = 'accepted',
): Reply => ({
  card: { ...agreed.card, ...over },
  outcome,
  visibility,
});
const asking = () => ({ user: world.ada, channel: world.channel });
const approve = {
  action_id: 'command:approve:0',
  value: JSON.stringify({ args: 'total-build-1', digest: 'abc' }),
};
const deny = {
  action_id: 'command:deny:1',
  value: JSON.stringify({ args: 'total-build-1', digest: 'abc', reason: 'Deny' }),
};

describe('a slash command', () => {
  test('A command is dispatched with the work email of the person who typed it', async () => {
    await open();
    const answer = await world.slack.command('/deploy web production --ref a&amp;b', asking());
    expect(await answer.json()).toMatchObject({ response_type: 'ephemeral', blocks: expect.any(Array) });
    expect(world.invocations).toEqual([
      {
        idempotencyKey: expect.stringMatching(/^slack-1\.2\./),
        command: 'deploy',
        args: 'web production --ref a&b',
        actor: { id: 'ada@example.com', name: 'Ada' },
        conversation: `slack:${world.channel}`,
        deadline: expect.any(Number),
        deliverDeferredReply: expect.any(Function),
      },
    ]);
  });

  test.each(['/deploy-status', '/status'])('%s runs the status command', async (typed) => {
    await open();
    await world.slack.command(`${typed} 3f2a91`, asking());
    expect(world.invocations).toMatchObject([{ command: 'status', args: '3f2a91' }]);
  });

  test('A reply for the channel is visible to the whole channel', async () => {
    await open({ dispatch: async () => reply({}, 'channel') });
    const answer = await world.slack.command('/deploy web', asking());
    expect(await answer.json()).toMatchObject({ response_type: 'in_channel' });
  });

  test('A slow command is acknowledged in time and answered later', async () => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    await open({ dispatch: () => promise, replyTimeoutMs: 200 });
    const answer = await world.slack.command('/deploy web', asking(), world.sink.url);
    expect(await answer.json()).toMatchObject({ text: expect.stringContaining('Not confirmed yet') });
    resolve(agreed);
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    expect(world.sink.received[0]).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  });

  test('A person without an email is refused and told how to fix it', async () => {
    await open();
    const answer = await world.slack.command('/deploy web', { ...asking(), user: world.nomail });
    expect(await answer.text()).toContain("can't read your work email");
    expect(world.invocations).toEqual([]);
  });

  test('A command is refused while Slack does not return the profile', async () => {
    await open({ timeouts: { posting: 10_000, urgent: 200 } });
    world.proxy.faults.set('users.info', ['hang', { status: 500 }]);
    const answers = [
      await world.slack.command('/deploy web', asking()),
      await world.slack.command('/deploy web', asking()),
      await world.slack.command('/deploy web', asking()),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts[0]).toContain("Slack didn't return your profile. Nothing was done");
    expect(texts[1]).toContain('Nothing was done');
    expect(texts[2]).toContain('Deploying web to production');
    expect(world.invocations).toHaveLength(1);
  });

  test('The bot looks a person up once for several commands', async () => {
    await open();
    await Promise.all([1, 2, 3].map(() => world.slack.command('/deploy web', asking())));
    expect(world.proxy.calls.filter((method) => method === 'users.info')).toHaveLength(1);
  });

  test('A command that fails in the bot is still acknowledged', async () => {
    await open({ dispatch: () => Promise.reject(new Error('a bug')) });
    const answer = await world.slack.command('/deploy web', asking());
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Internal error');
  });
});

describe('a button', () => {
  test('A click runs the command of the button with the plan that the card showed', async () => {
    await open();
    const click = { ...asking(), button: approve, responseUrl: world.sink.url };
    expect((await world.slack.interaction(clickPayload(click))).status).toBe(200);
    expect(world.invocations).toMatchObject([
      { command: 'approve', args: 'total-build-1', digest: 'abc', conversation: `slack:${world.channel}` },
    ]);
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    expect(world.sink.received[0]).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  });

  test('A double click has one idempotency key', async () => {
    await open();
    const click = { ...asking(), button: approve, responseUrl: world.sink.url, messageTs: '5.5' };
    await Promise.all([1, 2].map(() => world.slack.interaction(clickPayload(click))));
    await world.slack.interaction(clickPayload({ ...click, user: world.grace }));
    const [first, second, third] = world.invocations.map(({ idempotencyKey: key }) => key);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  test('A reply is posted to the channel when the response_url rejects it', async () => {
    await open();
    world.sink.answerWith(404);
    const click = { ...asking(), button: approve, responseUrl: world.sink.url };
    await world.slack.interaction(clickPayload(click));
    await vi.waitFor(() => expect(world.proxy.calls).toContain('chat.postEphemeral'));
  });

  test('A click on a link is acknowledged and runs no command', async () => {
    await open();
    const answer = await world.slack.interaction(
      clickPayload({ ...asking(), button: { action_id: 'link:3' } }),
    );
    expect(answer.status).toBe(200);
    expect(world.invocations).toEqual([]);
  });

  test('A click on an outdated button runs no command', async () => {
    await open();
    const button = { action_id: 'command:approve:0', value: 'total-build-1' };
    await world.slack.interaction(clickPayload({ ...asking(), button, responseUrl: world.sink.url }));
    await vi.waitFor(() => expect(world.sink.received[0]?.text).toContain('outdated'));
    expect(world.invocations).toEqual([]);
  });
});

describe('denying', () => {
  const openWindow = async () => {
    const triggerId = await world.trigger(world.ada);
    const click = { ...asking(), button: deny, triggerId, responseUrl: world.sink.url };
    const metadata = JSON.stringify({
      command: 'deny',
      args: 'total-build-1',
      digest: 'abc',
      channel: world.channel,
      thread: null,
    });
    await world.slack.interaction(clickPayload(click));
    return { id: 'V123', private_metadata: metadata };
  };

  test('A click on Deny opens the reason dialog before anything is dispatched', async () => {
    await open();
    await openWindow();
    await vi.waitFor(() => expect(world.proxy.answered.at(-1)?.method).toBe('views.open'));
    const { view } = JSON.parse(world.proxy.answered.at(-1)?.answer ?? '');
    expect(view).toMatchObject({
      title: { text: 'Deny' },
      callback_id: 'reason',
      private_metadata: expect.stringContaining('"args":"total-build-1","digest":"abc"'),
    });
    expect(world.invocations).toEqual([]);
    expect(world.sink.received).toEqual([]);
  });

  test('A submitted dialog sends the reason with the run and the plan that were shown', async () => {
    await open();
    const view = await openWindow();
    const answer = await world.slack.interaction(submitPayload(world.ada, view, '  too late\ntoday '));
    expect(await answer.text()).toBe('');
    expect(world.invocations).toMatchObject([
      {
        idempotencyKey: 'slack-V123',
        command: 'deny',
        args: 'total-build-1 too late\ntoday',
        digest: 'abc',
        actor: { id: 'ada@example.com' },
        conversation: `slack:${world.channel}`,
        deadline: expect.any(Number),
      },
    ]);
    await vi.waitFor(() => expect(world.proxy.calls).toContain('chat.postEphemeral'));
  });

  test('A dialog without a reason is not submitted', async () => {
    await open();
    const view = await openWindow();
    const answer = await world.slack.interaction(submitPayload(world.ada, view, '  \n '));
    expect(await answer.json()).toEqual({
      response_action: 'errors',
      errors: { reason: 'Enter a reason.' },
    });
    expect(world.invocations).toEqual([]);
  });

  test('A refused decision is shown in the dialog', async () => {
    const refused = reply(
      { title: 'Not yours to decide', tone: 'bad', summary: 'Only Grace may decide' },
      'ephemeral',
      'refused',
    );
    await open({ dispatch: async () => refused });
    const view = await openWindow();
    const answer = await world.slack.interaction(submitPayload(world.ada, view, 'no'));
    expect(await answer.json()).toMatchObject({
      response_action: 'update',
      view: { type: 'modal', title: { text: 'Not yours to decide' } },
    });
  });

  test('A dialog submitted twice is one decision', async () => {
    await open();
    const view = await openWindow();
    await Promise.all([1, 2].map(() => world.slack.interaction(submitPayload(world.ada, view, 'no'))));
    expect(new Set(world.invocations.map(({ idempotencyKey: key }) => key)).size).toBe(1);
  });

  test('A click that is too old for its dialog is answered with an alternative', async () => {
    await open();
    const triggerId = await world.trigger(world.ada);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 4200);
    const click = { ...asking(), button: deny, triggerId, responseUrl: world.sink.url };
    expect((await world.slack.interaction(clickPayload(click))).status).toBe(200);
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    expect(world.sink.received[0]?.text).toContain("didn't open the dialog");
    expect(JSON.stringify(world.sink.received[0]?.blocks)).toContain('/deploy deny total-build-1 <reason>');
    expect(world.invocations).toEqual([]);
  });
});

describe('the Home page', () => {
  const waiting = sampleRuns.filter(({ name }) => name === 'awaiting-dangerous').map(({ run }) => run);
  const published = async (): Promise<string> => {
    await vi.waitFor(() => expect(world.proxy.answered.at(-1)?.method).toBe('views.publish'));
    const { ok, view } = JSON.parse(world.proxy.answered.at(-1)?.answer ?? '');
    expect(ok).toBe(true);
    return JSON.stringify(view.blocks);
  };
  const openHome = () =>
    world.slack.event({ type: 'app_home_opened', user: world.ada, channel: 'D1', tab: 'home' });

  test('The page shows my pending approvals and my runs', async () => {
    const asked: unknown[] = [];
    await open({
      runs: {
        waitingFor: async (person) => {
          asked.push(person);
          return waiting;
        },
        list: async (filter) => {
          asked.push(filter);
          return waiting;
        },
      },
    });
    await openHome();
    const blocks = await published();
    expect(blocks).toContain('Waiting for you');
    expect(blocks).toContain('aws_db_instance.reports');
    expect(blocks).toContain('command:approve:0');
    expect(asked).toEqual([
      { id: 'ada@example.com', name: 'Ada' },
      { requester: 'ada@example.com', limit: 10 },
    ]);
  });

  test('A click on the page is answered in a direct message, and the page is updated', async () => {
    await open({ runs: { waitingFor: async () => waiting } });
    await world.slack.interaction(homeClickPayload({ user: world.ada, button: approve }));
    await published();
    expect(world.invocations).toMatchObject([{ command: 'approve', conversation: `slack:${world.ada}` }]);
    expect(world.proxy.calls).toContain('chat.postMessage');
  });

  test('The page names the problem when the runs cannot be read', async () => {
    await open({ runs: { waitingFor: () => Promise.reject(new Error('Temporal is away')) } });
    await openHome();
    expect(await published()).toContain("The runs can't be read");
  });

  test('An empty page says that no approval is pending', async () => {
    await open();
    await openHome();
    expect(await published()).toContain('No pending approvals.');
  });

  test('The page names the reason to a person who may not use the bot', async () => {
    await open();
    await world.slack.event({ type: 'app_home_opened', user: world.nomail, channel: 'D1', tab: 'home' });
    expect(await published()).toContain("can't read your work email");
  });
});

describe('a deferred reply', () => {
  const late = () => world.invocations[0]?.deliverDeferredReply?.(agreed);
  const seenByAll = () => world.proxy.calls.filter((method) => method === 'chat.postMessage');

  test('A deferred reply to a command is visible to its author only', async () => {
    await open();
    await world.slack.command('/deploy web', asking(), world.sink.url);
    await late();
    expect(world.sink.received).toMatchObject([{ response_type: 'ephemeral' }]);
    expect(seenByAll()).toEqual([]);
  });

  test('A deferred reply to a click is visible to the person who clicked only', async () => {
    await open();
    await world.slack.interaction(
      clickPayload({ ...asking(), button: approve, responseUrl: world.sink.url }),
    );
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    await late();
    expect(world.sink.received).toMatchObject([
      { response_type: 'ephemeral' },
      { response_type: 'ephemeral' },
    ]);
    expect(seenByAll()).toEqual([]);
  });

  test('A deferred reply to a mention is ephemeral, or a direct message where the bot is not a member', async () => {
    await open();
    const event = { type: 'app_mention', user: world.ada, channel: world.channel, text: '<@U0Q> status' };
    await world.slack.event({ ...event, ts: '9.1', thread_ts: '9.0' }, 'Ev9');
    await vi.waitFor(() => expect(world.proxy.calls).toContain('chat.postEphemeral'));
    await late();
    expect(seenByAll()).toEqual([]);
    const refusal = { status: 200, body: { ok: false, error: 'not_in_channel' } };
    world.proxy.faults.set('chat.postEphemeral', [refusal]);
    await late();
    const direct = world.proxy.answered.filter(({ sent }) => sent.includes(`channel=${world.ada}`));
    expect(direct).toHaveLength(1);
    expect(seenByAll()).toHaveLength(1);
  });
});

describe('a mention', () => {
  const mention = (text: string, id: string) =>
    world.slack.event(
      { type: 'app_mention', user: world.ada, channel: world.channel, text, ts: '9.1', thread_ts: '9.0' },
      id,
    );

  test('A mention in a thread runs its command once although Slack delivers it again', async () => {
    await open();
    await mention('<@U0QUARTERDECK> status <http://web.example|web.example>', 'Ev1');
    await mention('<@U0QUARTERDECK> status <http://web.example|web.example>', 'Ev1');
    await mention('<@U0QUARTERDECK>', 'Ev2');
    await vi.waitFor(() => expect(world.invocations).toHaveLength(2));
    expect(world.invocations).toMatchObject([
      { idempotencyKey: 'slack-Ev1', command: 'status', args: 'web.example' },
      { idempotencyKey: 'slack-Ev2', command: 'help', args: '' },
    ]);
  });
});
