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

describe('a request that is not from Slack', () => {
  test('A request signed with another secret is rejected', async () => {
    const answer = await world.slack.command('/deploy web', caller(), '', { secret: 'another' });
    expect(answer.status).toBe(401);
    expect(world.invocations).toEqual([]);
  });

  test.each([
    ['older than five minutes', -301],
    ['an hour old', -3600],
    ['six minutes in the future', 360],
    ['an hour in the future', 3600],
  ])('A request that is %s is rejected', async (_, skew) => {
    const answer = await world.slack.command('/deploy web', caller(), '', { skew });
    expect(answer.status).toBe(401);
    expect(world.invocations).toEqual([]);
  });

  test('A small clock difference is accepted', async () => {
    const answers = [
      await world.slack.command('/deploy web', caller(), '', { skew: 60 }),
      await world.slack.command('/deploy web', caller(), '', { skew: -200 }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('A repeated request is rejected although its signature is valid', async () => {
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

  test('A signed request with a changed body is rejected', async () => {
    const body = 'command=%2Fdeploy&text=web';
    const headers = { 'content-type': form, ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
    const answer = await fetch(world.url, { method: 'POST', body: `${body}&user_id=U1`, headers });
    expect(answer.status).toBe(401);
  });

  test.each([
    ['no signature at all', {}],
    [
      'a timestamp that is not a number',
      { 'x-slack-request-timestamp': 'soon', 'x-slack-signature': 'v0=1' },
    ],
    ['a signature of another version', { 'x-slack-request-timestamp': '1', 'x-slack-signature': 'v9=1' }],
  ])('A request with %s is rejected', async (_, headers) => {
    const answer = await fetch(world.url, {
      method: 'POST',
      body: 'command=%2Fdeploy',
      headers: { 'content-type': form, ...headers },
    });
    expect(answer.status).toBe(401);
  });

  test('A forged request does not block the genuine one with the same signature', async () => {
    const body = `command=%2Fdeploy&text=web&user_id=${world.ada}&channel_id=${world.channel}&trigger_id=1.2.f`;
    const headers = { 'content-type': form, ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
    expect((await fetch(world.url, { method: 'POST', body: 'other', headers })).status).toBe(401);
    expect((await fetch(world.url, { method: 'POST', body, headers })).status).toBe(200);
  });

  test('A body of two megabytes is rejected before it is read', async () => {
    const answer = await world.slack.send('x'.repeat(2 * 1024 * 1024), form);
    expect(answer.status).toBe(413);
  });
});

test("Slack's certificate check is answered, and a command inside it is not run", async () => {
  const answer = await fetch(world.url, {
    method: 'POST',
    body: `ssl_check=1&command=%2Fdeploy&text=web&user_id=${world.ada}`,
    headers: { 'content-type': form },
  });
  expect(answer.status).toBe(200);
  expect(world.invocations).toEqual([]);
});

test('A content type with a charset is accepted', async () => {
  const body = `command=%2Fdeploy&text=web&user_id=${world.ada}&channel_id=${world.channel}&trigger_id=1.2.c`;
  const answer = await world.slack.send(body, `${form}; charset=utf-8`);
  expect(answer.status).toBe(200);
  expect(world.invocations).toHaveLength(1);
});

test('The URL verification of Slack is answered', async () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  const answer = await world.slack.send(body, 'application/json');
  expect(await answer.json()).toEqual({ challenge: 'abc' });
});

test('A stopping bot finishes running commands and rejects new ones', async () => {
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
    replyTimeoutMs: 200,
  });
  const who = { user: stopping.ada, channel: stopping.channel };
  const first = await stopping.slack.command('/deploy web', who, stopping.sink.url);
  expect(await first.text()).toContain('Not confirmed yet');
  let stopped = false;
  const stop = stopping.stop().then(() => {
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
