import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnv } from '../../../runtime/env.ts';
import { makeCertificate } from '../../../runtime/testing/make-certificate.ts';
import type { Card } from '../../cards/card.ts';
import { runCard } from '../../cards/run-card.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform, PostKey } from '../../platform/platform.ts';
import { checkWebhookEnv, readWebhooks, webhookEnv } from './config.ts';
import { createTeamsWebhook } from './create-webhook.ts';

type Answer = 'reset' | 'hang' | { readonly status: number; readonly headers?: Record<string, string> };

const secret = 'sig=a-signature-that-stays-secret';
const publicUrl = 'https://quarterdeck.example.com';
const { cert, key } = makeCertificate('localhost');
const got: { readonly path: string; readonly body: string }[] = [];
let answers: Answer[] = [];

const server = createServer({ cert, key }, async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  got.push({ path: request.url ?? '', body });
  const answer = answers.shift() ?? { status: 202 };
  if (answer === 'hang') return;
  if (answer === 'reset') request.socket.destroy();
  else response.writeHead(answer.status, answer.headers).end();
});
let host = '';
let platform: Platform;

const read = (env: Record<string, string>) => readEnv(z.object(webhookEnv), env, [checkWebhookEnv]);

beforeAll(async () => {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  host = `localhost:${(server.address() as AddressInfo).port}`;
  const webhooks = readWebhooks(
    read({
      TEAMS_WORKFLOWS_WEBHOOKS: `ops=https://${host}/ops?${secret}, dev=https://${host}/dev?${secret}`,
      TEAMS_ALLOWED_WEBHOOK_HOSTS: host,
    }),
  );
  platform = createTeamsWebhook(webhooks ?? new Map(), publicUrl, 400);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
afterEach(() => {
  got.splice(0);
  answers = [];
});

const postKey: PostKey = { workflowId: 'total-build-1', part: 'card', deliveryUncertain: false };
const card: Card = {
  kind: 'notice',
  title: 'Deploy web to production',
  tone: 'warning',
  summary: 'Deploying web to production waits for approval',
  fields: [],
  sections: [{ type: 'text', text: 'Some words' }],
  buttons: [
    {
      kind: 'command',
      action: 'decide',
      label: 'Approve',
      tone: 'good',
      command: 'approve',
      args: 'total-build-1',
    },
    { kind: 'link', label: 'Details', url: `${publicUrl}/runs/total-build-1` },
  ],
  footer: 'Run 1',
};
const failure = async (work: Promise<unknown>): Promise<ChatError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChatError);
  return error as ChatError;
};

describe('a card', () => {
  test('A card is posted with its links and without commands', async () => {
    await platform.post('teams-webhook:ops', card, postKey);
    expect(got.map(({ path }) => path)).toEqual([`/ops?${secret}`]);
    const { type, attachments } = JSON.parse(got[0]?.body ?? '');
    expect(type).toBe('message');
    expect(attachments).toHaveLength(1);
    expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(attachments[0].content).toMatchObject({ type: 'AdaptiveCard', version: '1.5' });
    const drawn = got[0]?.body ?? '';
    expect(drawn).toContain('Action.OpenUrl');
    expect(drawn).not.toMatch(/Action\.(Execute|Submit|ShowCard)/);
    expect(drawn).not.toContain('refresh');
  });

  test('A card is not edited, and later posts name the run', async () => {
    const ref = await platform.post('teams-webhook:dev', card, postKey);
    await platform.edit(ref, { ...card, summary: 'changed' });
    expect(got).toHaveLength(1);
    await platform.reply(ref, { text: 'Ada approved (1 of 1)', lines: ['line one'] }, postKey);
    expect(got[1]?.path).toBe(`/dev?${secret}`);
    for (const words of [
      'Deploy web to production',
      'Ada approved (1 of 1)',
      'line one',
      `/runs/total-build-1`,
    ])
      expect(got[1]?.body).toContain(words);
    expect(ref).not.toContain(secret);
  });

  test.each(sampleRuns)('The card of a run that is $name fits', async ({ run }) => {
    await platform.post('teams-webhook:ops', runCard(run, { publicUrl }), postKey);
    expect(Buffer.byteLength(got[0]?.body ?? '')).toBeLessThanOrEqual(28 * 1024);
  });

  test('A card in letters that need more bytes fits', async () => {
    const text = '展開'.repeat(20_000);
    await platform.post(
      'teams-webhook:ops',
      { ...card, summary: text.slice(0, 9000), sections: [{ type: 'text', text }] },
      postKey,
    );
    expect(Buffer.byteLength(got[0]?.body ?? '')).toBeLessThanOrEqual(28 * 1024);
    expect(got[0]?.body).toContain('Deploy web to production');
  });
});

describe('an answer of the workflow', () => {
  test.each([
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 'retryable', 7000],
    ['429 without a time', { status: 429 }, 'retryable', null],
    ['500', { status: 500 }, 'retryable', null],
    ['502', { status: 502 }, 'retryable', null],
    ['504', { status: 504 }, 'retryable', null],
    ['a dropped connection', 'reset', 'uncertain', null],
    ['no answer', 'hang', 'uncertain', null],
    ['401', { status: 401 }, 'permanent', null],
    ['404', { status: 404 }, 'permanent', null],
    ['413', { status: 413 }, 'permanent', null],
    [
      'another address',
      { status: 302, headers: { location: 'https://evil.example.com/' } },
      'permanent',
      null,
    ],
  ] as const)(
    'A post answered with %s is classified after exactly one request',
    async (_, answer, kind, retryAfterMs) => {
      answers = [answer];
      const error = await failure(platform.post('teams-webhook:ops', card, postKey));
      expect(error).toMatchObject({ kind, retryAfterMs });
      expect(got).toHaveLength(1);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    },
  );

  test.each(['teams-webhook:unknown', 'teams-webhook:', 'teams:ops', 'teams-webhook:a b'])(
    'is not asked for %s',
    async (to) => {
      const error = await failure(platform.post(to, card, postKey));
      expect(error.kind).toBe('permanent');
      expect(error.message).toContain('TEAMS_WORKFLOWS_WEBHOOKS');
      expect(got).toEqual([]);
    },
  );
});

describe('the variables', () => {
  const wrong = (webhooks: string, hosts = ''): string => {
    try {
      read({ TEAMS_WORKFLOWS_WEBHOOKS: webhooks, TEAMS_ALLOWED_WEBHOOK_HOSTS: hosts });
      return '';
    } catch (error) {
      return String(error);
    }
  };
  const path = `/workflows/1?${secret}`;

  test.each([
    'ops=https://prod-12.westus.logic.azure.com:443',
    'ops=https://default1.2.environment.api.powerplatform.com',
  ])('The address %s is accepted', (address) => {
    expect(wrong(`${address}${path}`)).toBe('');
  });

  test.each([
    [`https://prod.westus.logic.azure.com${path}`, 'entry 1 must be <name>=https://'],
    [`ok=https://a.logic.azure.com${path},Big Name=https://a.logic.azure.com${path}`, 'entry 2 must be'],
    [`ops=http://prod.westus.logic.azure.com${path}`, 'must be a complete https address'],
    [`ops=${secret}`, 'must be a complete https address'],
    [`ops=https://evil.example.com${path}`, 'TEAMS_ALLOWED_WEBHOOK_HOSTS'],
    [`ops=https://logic.azure.com.evil.example.com${path}`, 'TEAMS_ALLOWED_WEBHOOK_HOSTS'],
    [`ops=https://evillogic.azure.com${path}`, 'TEAMS_ALLOWED_WEBHOOK_HOSTS'],
    [`ops=https://a.logic.azure.com:8443${path}`, 'TEAMS_ALLOWED_WEBHOOK_HOSTS'],
    [`ops=https://a.logic.azure.com${path},ops=https://b.logic.azure.com${path}`, '“ops” is defined twice'],
  ])('The variable %s is rejected without revealing the address', (webhooks, why) => {
    expect(wrong(webhooks)).toContain(why);
    expect(wrong(webhooks)).not.toContain(secret);
  });

  test('A host that is allowed explicitly is accepted', () => {
    expect(wrong(`ops=https://flows.example.com${path}`, 'flows.example.com')).toBe('');
    expect(wrong(`ops=https://flows.example.com:8443${path}`, 'flows.example.com')).not.toBe('');
  });
});
