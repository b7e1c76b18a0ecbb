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

test('A member is identified by their work email in lowercase', async () => {
  expect(await find(ada)).toEqual({ id: 'ada@example.com', name: 'Ada Lovelace' });
});

test('A member of the same organization is recognized by their workspaces', async () => {
  const user = { ...ada, team_id: 'T9', enterprise_user: { teams: ['T1'] } };
  expect(await find(user)).toMatchObject({ id: 'ada@example.com' });
});

test.each<[string, SlackUser | undefined, string]>([
  ['An unknown user', undefined, 'deactivated or was deleted'],
  ['A deleted user', { ...ada, deleted: true }, 'deactivated or was deleted'],
  ['A bot', { ...ada, is_bot: true }, "Bots can't"],
  ['A guest', { ...ada, is_restricted: true }, "Guests can't"],
  ['A single-channel guest', { ...ada, is_ultra_restricted: true }, "Guests can't"],
  ['A stranger', { ...ada, is_stranger: true }, "Guests can't"],
  ['A member of another workspace', { ...ada, team_id: 'T2' }, 'another Slack workspace'],
  ['A member of no workspace', { ...ada, team_id: '' }, 'another Slack workspace'],
  ['A user without an email', { ...ada, profile: {} }, "can't read your work email"],
  ['A user with an unconfirmed email', { ...ada, is_email_confirmed: false }, 'not confirmed'],
])('%s is refused with the reason', async (_, user, why) => {
  await expect(find(user)).rejects.toThrow(why);
});

test('Users are refused until the bot knows its own workspace', async () => {
  await expect(find(ada, null)).rejects.toThrow('not connected to Slack yet');
});

describe('a failing look-up', () => {
  nock.disableNetConnect();
  nock.enableNetConnect('localhost');
  const client = new WebClient('xoxb-1', {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 50,
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
    ['a rate limit', () => slack().reply(429, '', { 'retry-after': '30' })],
    ['a server error', () => slack().reply(503, 'oops')],
    ['a dropped connection', () => slack().replyWithError('ECONNRESET')],
    ['no answer', () => slack().delay(200).reply(200, { ok: true })],
  ])('A look-up that fails with %s is reported and not cached', async (_, fail) => {
    fail();
    await expect(person('U1')).rejects.toMatchObject({ hint: 'Try again shortly.' });
    slack().reply(200, { ok: true, user: ada });
    expect(await createOnce(client)).toMatchObject({ id: 'ada@example.com' });
  });

  test('A missing scope is named in the refusal', async () => {
    slack().reply(200, { ok: false, error: 'missing_scope', needed: 'users:read' });
    await expect(person('U2')).rejects.toThrow('lacks the scope users:read.');
  });
});

const createOnce = (client: WebClient) =>
  createResolveUser({
    usersInfo: async (user) => (await client.users.info({ user })).user,
    teamId: () => 'T1',
  })('U1');
