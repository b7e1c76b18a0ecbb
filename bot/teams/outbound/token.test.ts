import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStrictAuth } from '../auth/strict-auth.ts';
import type { ConversationReference } from '../conversation-references.ts';
import { type FakeTeams, openFakeTeams } from '../testing/fake-teams.ts';
import { createConnector } from './connector.ts';
import { createRateLimiter } from './rate-limiter.ts';

const timeoutMs = 400;
let teams: FakeTeams;
let reference: ConversationReference;

beforeAll(async () => {
  teams = await openFakeTeams();
  reference = {
    conversationId: teams.channel,
    serviceUrl: teams.serviceUrl,
    tenantId: teams.config.tenantId ?? '',
    kind: 'channel',
    teamId: teams.team,
  };
});
afterAll(() => teams.close());

const open = (config: Partial<FakeTeams['config']> = {}) => {
  const own = { ...teams.config, ...config };
  return createConnector(createStrictAuth(own, { timeoutMs }), own, createRateLimiter(), timeoutMs * 2);
};
const say = (text: string) => ({ type: 'message', text });

// The SDK keeps an app's token for the whole process, so this is one story.
test('One token serves many messages, and a failed request for it is repeated', async () => {
  teams.fault({ path: /oauth2/ }, 'hang', 1);
  const connector = open();
  const refused = connector.send(reference, say('first'));
  const taken = connector.send(reference, say('second'));
  await expect(refused).rejects.toMatchObject({ kind: 'retryable', retryAfterMs: 60_000 });
  await taken;
  await Promise.all([connector.newThread(reference, say('third')), open().send(reference, say('fourth'))]);
  expect(teams.messages.map(({ activity }) => activity.text).sort()).toEqual(['fourth', 'second', 'third']);
  expect(teams.tokensIssued()).toBe(1);
});

test('A message that the login rejects is retryable and names the variables', async () => {
  const before = teams.calls.length;
  const connector = open({ appId: randomUUID(), password: 'a wrong one' });
  const error: unknown = await connector.send(reference, say('never')).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    kind: 'retryable',
    retryAfterMs: 60_000,
    message: expect.stringContaining('MicrosoftAppPassword'),
  });
  expect(inspect(error, { depth: 9 })).not.toContain('a wrong one');
  expect(teams.calls).toHaveLength(before);
});
