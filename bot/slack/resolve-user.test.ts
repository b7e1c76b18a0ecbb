import { WebClient } from '@slack/web-api';
import nock from 'nock';
import { afterAll, describe, expect, test } from 'vitest';
import { createResolveUser, type SlackUser } from './resolve-user.ts';

const ada: SlackUser = {
  id: 'U1',
  team_id: 'T1',
  name: 'ada',
  profile: { email: ' Ada@Example.com ', real_name: 'Ada Lovelace' },
};

const find = (user: SlackUser | undefined, team: string | null = 'T1') =>
  createResolveUser({ usersInfo: async () => user, teamId: () => team })('U1');

test('a member is the person of the work e-mail, in lower case', async () => {
  expect(await find(ada)).toEqual({ id: 'ada@example.com', name: 'Ada Lovelace' });
});

test('a member of the same organisation is known by the workspaces that they are in', async () => {
  const user = { ...ada, team_id: 'T9', enterprise_user: { teams: ['T1'] } };
  expect(await find(user)).toMatchObject({ id: 'ada@example.com' });
});

test.each<[string, SlackUser | undefined, string]>([
  ['nobody', undefined, 'does not know you'],
  ['somebody who left', { ...ada, deleted: true }, 'does not know you'],
  ['a bot', { ...ada, is_bot: true }, 'Bots cannot'],
  ['a guest', { ...ada, is_restricted: true }, 'Guests cannot'],
  ['a guest of one channel', { ...ada, is_ultra_restricted: true }, 'Guests cannot'],
  ['a stranger', { ...ada, is_stranger: true }, 'Guests cannot'],
  ['a member of another workspace', { ...ada, team_id: 'T2' }, 'another Slack workspace'],
  ['a member of no workspace', { ...ada, team_id: '' }, 'another Slack workspace'],
  ['somebody without an e-mail', { ...ada, profile: {} }, 'not readable'],
  ['somebody whose e-mail is not confirmed', { ...ada, is_email_confirmed: false }, 'not confirmed'],
])('%s is refused in words', async (_, user, why) => {
  await expect(find(user)).rejects.toThrow(why);
});

test('while our own workspace is not known, nobody is let in', async () => {
  await expect(find(ada, null)).rejects.toThrow('not connected to Slack yet');
});

describe('with Slack failing', () => {
  nock.disableNetConnect();
  nock.enableNetConnect('localhost');
  const client = new WebClient('xoxb-1', {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 300,
  });
  const slack = () => nock('https://slack.com').post('/api/users.info');
  afterAll(() => {
    nock.cleanAll();
    nock.restore();
  });
  const person = createResolveUser({
    usersInfo: async (user) => (await client.users.info({ user })).user,
    teamId: () => 'T1',
  });

  test.each([
    ['a limit', () => slack().reply(429, '', { 'retry-after': '30' })],
    ['an error of its own', () => slack().reply(503, 'oops')],
    ['a dropped connection', () => slack().replyWithError('ECONNRESET')],
    ['no answer', () => slack().delay(2000).reply(200, { ok: true })],
  ])('%s is told, and not remembered', async (_, fail) => {
    fail();
    await expect(person('U1')).rejects.toThrow('try again in a moment');
    slack().reply(200, { ok: true, user: ada });
    expect(await createOnce(client)).toMatchObject({ id: 'ada@example.com' });
  });

  test('a missing scope is named', async () => {
    slack().reply(200, { ok: false, error: 'missing_scope', needed: 'users:read' });
    await expect(person('U2')).rejects.toThrow('users:read is missing');
  });
});

const createOnce = (client: WebClient) =>
  createResolveUser({
    usersInfo: async (user) => (await client.users.info({ user })).user,
    teamId: () => 'T1',
  })('U1');
