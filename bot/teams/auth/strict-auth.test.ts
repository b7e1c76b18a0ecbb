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
  test('is sent with a token that the login gave for the app’s secret, and one token is enough', async () => {
    await send();
    await send();
    expect(teams.messages.map(({ activity }) => activity.text)).toEqual(['Hello', 'Hello']);
    expect(teams.tokensIssued()).toBe(1);
  });

  test('that finds no token yet asks for one together with the others', async () => {
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
  ])('is one request, and not sent again after %s', async (_, fault) => {
    teams.fault({ method: 'POST' }, fault, 'always');
    await expect(send({}, 500)).rejects.toThrow();
    expect(teams.calls).toHaveLength(1);
  });

  test('is not sent without a token: a wrong secret, a login that is broken, or silent', async () => {
    await expect(send({ password: 'wrong' })).rejects.toThrow('AADSTS7000215');
    teams.fault({ path: tokenPath }, { status: 500 });
    await expect(send()).rejects.toThrow();
    teams.fault({ path: tokenPath }, 'hang');
    await expect(send({}, 300)).rejects.toThrow(
      'asking for the token of MicrosoftAppId: no answer in 300 ms',
    );
    expect(teams.calls).toEqual([]);
  });

  test.each([
    ['http', 'http://localhost:1/teams/'],
    ['another host', 'https://evil.example.com/teams/'],
    ['the token service', 'https://api.botframework.com/'],
    ['nowhere', ''],
  ])('never takes the token to %s', async (_, serviceUrl) => {
    await expect(connect({}, serviceUrl)).rejects.toThrow('TEAMS_ALLOWED_SERVICE_HOSTS');
    expect(teams.tokensIssued()).toBe(0);
  });
});

test('an SDK without the policy that is taken out is not used', () => {
  const client = { client: { pipeline: { removePolicy: () => [], addPolicy: () => undefined } } };
  for (const strange of [client, {}, { client: null }])
    expect(() => disableSdkRetries(strange as never, 1000)).toThrow('no longer has the retry policy');
});

test('a managed identity asks the machine that it runs on, not the login', () => {
  const config: TeamsConfig = { ...teams.config, type: 'UserAssignedMSI', password: null };
  const credentials = createCredentials(config, 'https://api.botframework.com', 1000);
  expect(credentials).toBeInstanceOf(ManagedIdentityAppCredentials);
  expect(credentials.appId).toBe(teams.config.appId);
  expect(() => createStrictAuth(config)).not.toThrow();
});

test('without a secret there are no credentials, and no anonymous mode', () => {
  expect(() => createStrictAuth({ ...teams.config, password: null })).toThrow('MicrosoftAppPassword');
});
