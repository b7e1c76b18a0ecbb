import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sign } from './testing/signed-requests.ts';
import { openSlackWorld, type SlackWorld, signingSecret } from './testing/slack-world.ts';

let world: SlackWorld;
const caller = () => ({ user: world.ada, channel: world.channel });

beforeAll(async () => {
  world = await openSlackWorld();
});
afterAll(() => world.close());
afterEach(() => {
  world.invocations.length = 0;
});

const form = 'application/x-www-form-urlencoded';

describe('what is not Slack', () => {
  test('a request signed with another secret is refused', async () => {
    const answer = await world.slack.command('/deploy web', caller(), '', { secret: 'another' });
    expect(answer.status).toBe(401);
    expect(world.invocations).toEqual([]);
  });

  test.each([
    ['older than five minutes', -301],
    ['an hour old', -3600],
    ['six minutes in the future', 360],
    ['an hour in the future', 3600],
  ])('a request that is %s is refused', async (_, skew) => {
    const answer = await world.slack.command('/deploy web', caller(), '', { skew });
    expect(answer.status).toBe(401);
    expect(world.invocations).toEqual([]);
  });

  test('a little difference between the clocks is tolerated', async () => {
    const answers = [
      await world.slack.command('/deploy web', caller(), '', { skew: 60 }),
      await world.slack.command('/deploy web', caller(), '', { skew: -200 }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('the same request sent again is refused, although its signature is right', async () => {
    const body = new URLSearchParams({
      command: '/deploy',
      text: 'web',
      user_id: world.ada,
      channel_id: world.channel,
      trigger_id: '1.2.replayed',
      response_url: '',
    }).toString();
    const headers = { 'content-type': form, ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
    const send = () => fetch(world.url, { method: 'POST', body, headers });
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(401);
    expect(world.invocations).toHaveLength(1);
  });

  test('a signed body that was changed on the way is refused', async () => {
    const body = 'command=%2Fdeploy&text=web';
    const headers = { 'content-type': form, ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
    const answer = await fetch(world.url, { method: 'POST', body: `${body}&user_id=U1`, headers });
    expect(answer.status).toBe(401);
  });

  test.each([
    ['no signature at all', {}],
    ['a time that is no number', { 'x-slack-request-timestamp': 'soon', 'x-slack-signature': 'v0=1' }],
    ['a signature of another version', { 'x-slack-request-timestamp': '1', 'x-slack-signature': 'v9=1' }],
  ])('a request with %s is refused', async (_, headers) => {
    const answer = await fetch(world.url, {
      method: 'POST',
      body: 'command=%2Fdeploy',
      headers: { 'content-type': form, ...headers },
    });
    expect(answer.status).toBe(401);
  });

  test('a forged request does not keep the true one with its signature from being heard', async () => {
    const body = `command=%2Fdeploy&text=web&user_id=${world.ada}&channel_id=${world.channel}&trigger_id=1.2.f`;
    const headers = { 'content-type': form, ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
    expect((await fetch(world.url, { method: 'POST', body: 'other', headers })).status).toBe(401);
    expect((await fetch(world.url, { method: 'POST', body, headers })).status).toBe(200);
  });

  test('a body of two megabytes is refused before it is read', async () => {
    const answer = await world.slack.send('x'.repeat(2 * 1024 * 1024), form);
    expect(answer.status).toBe(413);
  });
});

test("Slack's test of the certificate is answered, and what hides in it is not heard", async () => {
  const answer = await fetch(world.url, {
    method: 'POST',
    body: `ssl_check=1&command=%2Fdeploy&text=web&user_id=${world.ada}`,
    headers: { 'content-type': form },
  });
  expect(answer.status).toBe(200);
  expect(world.invocations).toEqual([]);
});

test('a content type with a charset is understood', async () => {
  const body = `command=%2Fdeploy&text=web&user_id=${world.ada}&channel_id=${world.channel}&trigger_id=1.2.c`;
  const answer = await world.slack.send(body, `${form}; charset=utf-8`);
  expect(answer.status).toBe(200);
  expect(world.invocations).toHaveLength(1);
});

test('Slack may verify the address', async () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  const answer = await world.slack.send(body, 'application/json');
  expect(await answer.json()).toEqual({ challenge: 'abc' });
});

test('a bot that stops finishes what it began and takes nothing new', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const stopping = await openSlackWorld({
    dispatch: async () => {
      await held;
      return {
        card: {
          kind: 'notice',
          title: 'Done',
          tone: 'good',
          summary: 'Done',
          fields: [],
          sections: [],
          buttons: [],
          footer: null,
        },
        outcome: 'accepted',
        visibility: 'ephemeral',
      };
    },
    ackTimeoutMs: 50,
  });
  const who = { user: stopping.ada, channel: stopping.channel };
  const first = await stopping.slack.command('/deploy web', who, stopping.sink.url);
  expect(await first.text()).toContain('Still working');
  let stopped = false;
  const stop = stopping.platform.stop().then(() => {
    stopped = true;
  });
  await vi.waitFor(async () => expect((await stopping.slack.command('/deploy web', who)).status).toBe(503));
  expect(stopped).toBe(false);
  release();
  await stop;
  expect(stopping.sink.received).toHaveLength(1);
  expect(stopping.invocations).toHaveLength(1);
  await stopping.close();
});
