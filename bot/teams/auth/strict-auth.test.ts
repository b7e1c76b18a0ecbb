import { ManagedIdentityAppCredentials } from 'botframework-connector';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TeamsConfig } from '../config.ts';
import { type FakeTeams, openFakeTeams } from '../testing/fake-teams.ts';
import type { Fault } from '../testing/faults.ts';
import { disableSdkRetries } from './connector-factory.ts';
import { createCredentials } from './credentials.ts';
import { createStrictAuth } from './strict-auth.ts';

let teams: FakeTeams;
beforeEach(async () => {
  teams = await openFakeTeams();
});
afterEach(() => teams.close());

const tokenPath = /\/oauth2\/v2\.0\/token$/;

const connect = (over: Partial<TeamsConfig> = {}, serviceUrl = teams.serviceUrl, timeoutMs = 3000) => {
  const auth = createStrictAuth({ ...teams.config, ...over }, { timeoutMs });
  return auth.createConnectorFactory().create(serviceUrl, auth.getOriginatingAudience());
};

const send = async (over?: Partial<TeamsConfig>, timeoutMs?: number) => {
  const client = await connect(over, undefined, timeoutMs);
  return client.conversations.sendToConversation(teams.channel, { type: 'message', text: 'Hello' });
};

describe('a message', () => {
  test('Messages are sent with one token for the secret of the app', async () => {
    await send();
    await send();
    expect(teams.messages.map(({ activity }) => activity.text)).toEqual(['Hello', 'Hello']);
    expect(teams.tokensIssued()).toBe(1);
  });

  test('Simultaneous messages share one token request', async () => {
    const client = await connect();
    await Promise.all(
      ['a', 'b', 'c'].map((text) => client.conversations.sendToConversation(teams.channel, { text })),
    );
    expect(teams.messages).toHaveLength(3);
    expect(teams.tokensIssued()).toBe(1);
  });

  test.each<[string, Fault]>([
    ['429', { status: 429, headers: { 'retry-after': '1' } }],
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['412', { status: 412 }],
    ['a reset', 'reset'],
    ['a lost answer', 'lose-answer'],
    ['silence', 'hang'],
  ])('A message is one request and is not sent again after %s', async (_, fault) => {
    teams.fault({ method: 'POST' }, fault, 'always');
    await expect(send({}, 500)).rejects.toThrow();
    expect(teams.calls).toHaveLength(1);
  });

  test('A message is not sent when the login rejects, fails or does not answer', async () => {
    await expect(send({ password: 'wrong' })).rejects.toThrow('AADSTS7000215');
    teams.fault({ path: tokenPath }, { status: 500 });
    await expect(send()).rejects.toThrow();
    teams.fault({ path: tokenPath }, 'hang');
    await expect(send({}, 300)).rejects.toThrow(
      'requesting the token of MicrosoftAppId: no answer in 300 ms',
    );
    expect(teams.calls).toEqual([]);
  });

  test.each([
    ['http', 'http://localhost:1/teams/'],
    ['another host', 'https://evil.example.com/teams/'],
    ['the token service', 'https://api.botframework.com/'],
    ['an empty address', ''],
  ])('The token is never sent to %s', async (_, serviceUrl) => {
    await expect(connect({}, serviceUrl)).rejects.toThrow('TEAMS_ALLOWED_SERVICE_HOSTS');
    expect(teams.tokensIssued()).toBe(0);
  });
});

test('An SDK without the expected retry policy is rejected', () => {
  const client = { client: { pipeline: { removePolicy: () => [], addPolicy: () => undefined } } };
  for (const other of [client, {}, { client: null }])
    expect(() => disableSdkRetries(other as never, 1000)).toThrow('has no retry policy to remove');
});

test('A managed identity uses the local identity endpoint', () => {
  const config: TeamsConfig = { ...teams.config, type: 'UserAssignedMSI', password: null };
  const credentials = createCredentials(config, 'https://api.botframework.com', 1000);
  expect(credentials).toBeInstanceOf(ManagedIdentityAppCredentials);
  expect(credentials.appId).toBe(teams.config.appId);
  expect(() => createStrictAuth(config)).not.toThrow();
});

test('A configuration without a secret is rejected', () => {
  expect(() => createStrictAuth({ ...teams.config, password: null })).toThrow('MicrosoftAppPassword');
});
