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

describe('a command', () => {
  test('reaches the bot as words of a person known by the work e-mail', async () => {
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

  test.each(['/deploy-status', '/status'])('%s is the word status', async (typed) => {
    await open();
    await world.slack.command(`${typed} 3f2a91`, asking());
    expect(world.invocations).toMatchObject([{ command: 'status', args: '3f2a91' }]);
  });

  test('is answered for all to see when the answer is for all', async () => {
    await open({ dispatch: async () => reply({}, 'channel') });
    const answer = await world.slack.command('/deploy web', asking());
    expect(await answer.json()).toMatchObject({ response_type: 'in_channel' });
  });

  test('is acknowledged in time when the answer is slow, and answered when it comes', async () => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    await open({ dispatch: () => promise, ackTimeoutMs: 50 });
    const answer = await world.slack.command('/deploy web', asking(), world.sink.url);
    expect(await answer.json()).toMatchObject({ text: expect.stringContaining('Still working') });
    resolve(agreed);
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    expect(world.sink.received[0]).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  });

  test('of somebody without an e-mail is refused with what would help', async () => {
    await open();
    const answer = await world.slack.command('/deploy web', { ...asking(), user: world.nomail });
    expect(await answer.text()).toContain('work e-mail is not readable');
    expect(world.invocations).toEqual([]);
  });

  test('is refused honestly while Slack does not say who asks', async () => {
    await open({ timeouts: { posting: 10_000, urgent: 200 } });
    world.proxy.faults.set('users.info', ['hang', { status: 500 }]);
    const answers = [
      await world.slack.command('/deploy web', asking()),
      await world.slack.command('/deploy web', asking()),
      await world.slack.command('/deploy web', asking()),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts[0]).toContain('Slack does not say who you are just now. Nothing was done');
    expect(texts[1]).toContain('Nothing was done');
    expect(texts[2]).toContain('Deploying web to production');
    expect(world.invocations).toHaveLength(1);
  });

  test('asks Slack once who somebody is, however often they ask', async () => {
    await open();
    await Promise.all([1, 2, 3].map(() => world.slack.command('/deploy web', asking())));
    expect(world.proxy.calls.filter((method) => method === 'users.info')).toHaveLength(1);
  });

  test('that breaks the bot is acknowledged all the same', async () => {
    await open({ dispatch: () => Promise.reject(new Error('a bug')) });
    const answer = await world.slack.command('/deploy web', asking());
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Internal error');
  });
});

describe('a button', () => {
  test('is the words it stands for, with the plan that the card showed', async () => {
    await open();
    const click = { ...asking(), button: approve, responseUrl: world.sink.url };
    expect((await world.slack.interaction(clickPayload(click))).status).toBe(200);
    expect(world.invocations).toMatchObject([
      { command: 'approve', args: 'total-build-1', digest: 'abc', conversation: `slack:${world.channel}` },
    ]);
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    expect(world.sink.received[0]).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  });

  test('clicked twice carries the same key both times', async () => {
    await open();
    const click = { ...asking(), button: approve, responseUrl: world.sink.url, messageTs: '5.5' };
    await Promise.all([1, 2].map(() => world.slack.interaction(clickPayload(click))));
    await world.slack.interaction(clickPayload({ ...click, user: world.grace }));
    const [first, second, third] = world.invocations.map(({ idempotencyKey: key }) => key);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  test('is answered in the channel when the response_url does not take it', async () => {
    await open();
    world.sink.answerWith(404);
    const click = { ...asking(), button: approve, responseUrl: world.sink.url };
    await world.slack.interaction(clickPayload(click));
    await vi.waitFor(() => expect(world.proxy.calls).toContain('chat.postEphemeral'));
  });

  test('with an address is acknowledged and does nothing', async () => {
    await open();
    const answer = await world.slack.interaction(
      clickPayload({ ...asking(), button: { action_id: 'link:3' } }),
    );
    expect(answer.status).toBe(200);
    expect(world.invocations).toEqual([]);
  });

  test('of another version is not guessed at', async () => {
    await open();
    const button = { action_id: 'command:approve:0', value: 'total-build-1' };
    await world.slack.interaction(clickPayload({ ...asking(), button, responseUrl: world.sink.url }));
    await vi.waitFor(() => expect(world.sink.received[0]?.text).toContain('another version'));
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

  test('opens a window for the reason before Temporal is asked anything', async () => {
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

  test('sends the reason with the run and the plan that were shown', async () => {
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

  test('without a reason is not sent', async () => {
    await open();
    const view = await openWindow();
    const answer = await world.slack.interaction(submitPayload(world.ada, view, '  \n '));
    expect(await answer.json()).toEqual({
      response_action: 'errors',
      errors: { reason: 'Say why, in a word or two.' },
    });
    expect(world.invocations).toEqual([]);
  });

  test('that is refused says so in the window', async () => {
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

  test('a window sent twice is one decision', async () => {
    await open();
    const view = await openWindow();
    await Promise.all([1, 2].map(() => world.slack.interaction(submitPayload(world.ada, view, 'no'))));
    expect(new Set(world.invocations.map(({ idempotencyKey: key }) => key)).size).toBe(1);
  });

  test('a click that is too old for its window says what else can be done', async () => {
    await open();
    const triggerId = await world.trigger(world.ada);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 4200);
    const click = { ...asking(), button: deny, triggerId, responseUrl: world.sink.url };
    expect((await world.slack.interaction(clickPayload(click))).status).toBe(200);
    await vi.waitFor(() => expect(world.sink.received).toHaveLength(1));
    expect(world.sink.received[0]?.text).toContain('did not open the window');
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

  test('shows what waits for me and what I asked for', async () => {
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

  test('a click on it is answered in a direct message, and the page is drawn anew', async () => {
    await open({ runs: { waitingFor: async () => waiting } });
    await world.slack.interaction(homeClickPayload({ user: world.ada, button: approve }));
    await published();
    expect(world.invocations).toMatchObject([{ command: 'approve', conversation: `slack:${world.ada}` }]);
    expect(world.proxy.calls).toContain('chat.postMessage');
  });

  test('says so when the runs cannot be read', async () => {
    await open({ runs: { waitingFor: () => Promise.reject(new Error('Temporal is away')) } });
    await openHome();
    expect(await published()).toContain('The runs cannot be read just now');
  });

  test('says what there is to do when there is nothing', async () => {
    await open();
    await openHome();
    expect(await published()).toContain('Nothing waits for you.');
  });

  test('tells a person who may not use the bot why', async () => {
    await open();
    await world.slack.event({ type: 'app_home_opened', user: world.nomail, channel: 'D1', tab: 'home' });
    expect(await published()).toContain('work e-mail is not readable');
  });
});

describe('an answer that comes after the asker was let go', () => {
  const late = () => world.invocations[0]?.deliverDeferredReply?.(agreed);
  const seenByAll = () => world.proxy.calls.filter((method) => method === 'chat.postMessage');

  test('to a command goes to the asker alone', async () => {
    await open();
    await world.slack.command('/deploy web', asking(), world.sink.url);
    await late();
    expect(world.sink.received).toMatchObject([{ response_type: 'ephemeral' }]);
    expect(seenByAll()).toEqual([]);
  });

  test('to a button goes to the asker alone', async () => {
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

  test('to a mention goes to the asker alone, and directly where the bot is no member', async () => {
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

  test('is words, also in a thread, and heard once although Slack sends it again', async () => {
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
