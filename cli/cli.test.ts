import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Card } from '../bot/cards/card.ts';
import { createBotClient } from './bot-client.ts';
import { parseCliArgs } from './cli-args.ts';
import { renderAudit, renderCard } from './render-card.ts';
import { runCli } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-cli-'));
const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const card: Card = {
  kind: 'notice',
  title: 'Deploy web to production',
  tone: 'warning',
  summary: 'web to production waits for approval',
  fields: [
    { label: 'Asked by', value: 'Ada' },
    { label: 'Commit', value: '3f2a91c', url: 'https://example.com/c' },
  ],
  sections: [
    { type: 'text', text: 'web to production waits for approval' },
    {
      type: 'stages',
      stages: [
        { label: 'Tests', state: 'succeeded', detail: '42 tests passed' },
        { label: 'Apply', state: 'pending', detail: null },
      ],
    },
    { type: 'list', title: 'Destroys', tone: 'bad', lines: ['aws_db.main\u001b[2K'], more: 'and 3 more' },
    { type: 'log', title: 'Log', lines: ['one', 'two'] },
  ],
  buttons: [
    {
      kind: 'command',
      action: 'decide',
      label: 'Approve',
      tone: 'good',
      command: 'approve',
      args: 'abc123',
      digest: 'd',
    },
    {
      kind: 'command',
      action: 'decide',
      label: 'Deny',
      tone: 'bad',
      command: 'deny',
      args: 'abc123',
      needsReason: true,
    },
    { kind: 'link', label: 'Open', url: 'http://localhost:3000/runs/x' },
  ],
  footer: 'run abc123',
};

test('a card is printed as plain text, with nothing in it that a terminal would obey', () => {
  expect(renderCard(card)).toBe(`Deploy web to production
web to production waits for approval

Asked by: Ada
Commit: 3f2a91c (https://example.com/c)

  ✓ Tests: succeeded, 42 tests passed
  · Apply: pending

Destroys:
  - aws_db.main\\u001b[2K
  and 3 more

Log:
  | one
  | two

You can:
  Approve: npm run cli -- approve abc123
  Deny: npm run cli -- deny abc123 <reason>
  Open: http://localhost:3000/runs/x

run abc123`);
});

test('the audit trail is printed one line a fact', () => {
  const entry = {
    at: 0,
    workflowId: 'x',
    kind: 'approved',
    by: 'ada@example.com',
    details: { digest: 'd', n: 2 },
  };
  expect(renderAudit([entry, { ...entry, by: null, details: {} }])).toBe(
    '1970-01-01T00:00:00.000Z  approved  ada@example.com  digest=d  n=2\n1970-01-01T00:00:00.000Z  approved  -',
  );
  const counts = { add: 3, change: 0, replace: 0, destroy: 1, import: 0, move: 0, forget: 0 };
  expect(renderAudit([{ ...entry, details: { counts, expiresAt: 60_000, by: { id: 'x' } } }])).toContain(
    'counts=1 to destroy, 3 to add  expiresAt=1970-01-01T00:01:00.000Z',
  );
});

test.each([
  [['status'], { as: null, words: ['status'] }],
  [['--as', 'Ada@Example.com', 'deploy', 'web'], { as: 'ada@example.com', words: ['deploy', 'web'] }],
  [
    ['deploy', 'web', '--as=ada@example.com', '--ref', 'x'],
    { as: 'ada@example.com', words: ['deploy', 'web', '--ref', 'x'] },
  ],
])('%j is read as %j', (argv, typed) => {
  expect(parseCliArgs(argv)).toEqual(typed);
});

test('--as without an e-mail is refused', () => {
  expect(() => parseCliArgs(['status', '--as'])).toThrow('--as needs an e-mail address');
});

describe('words', () => {
  let server: Server;
  let asked: { path: string; authorization: string | undefined; body: string }[];
  let answer: { status: number; body: unknown };

  const read = async (request: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };

  beforeEach(async () => {
    asked = [];
    answer = {
      status: 200,
      body: { card, outcome: 'accepted', visibility: 'ephemeral', workflowId: 'total-build-1' },
    };
    server = createServer(async (request, response) => {
      const { authorization } = request.headers;
      asked.push({ path: request.url ?? '', authorization, body: await read(request) });
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    spawnSync('mkdir', ['-p', '.quarterdeck']);
    writeFileSync('.quarterdeck/cli-token', 'the-token\n');
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync('.quarterdeck', { recursive: true, force: true });
  });

  const env = () => ({ PORT: String((server.address() as AddressInfo).port), XDG_CONFIG_HOME: folder });

  test('go to the running bot with its token, and its card comes back as text', async () => {
    const outcome = await runCli(['deny', 'abc', 'too late today', '--as', 'ada@example.com'], env());
    expect(outcome).toEqual({ text: renderCard(card), exitCode: 0 });
    expect(asked).toEqual([
      {
        path: '/api/words',
        authorization: 'Bearer the-token',
        body: JSON.stringify({ words: 'deny abc too late today', as: 'ada@example.com' }),
      },
    ]);
  });

  test('that were refused end with exit code 1', async () => {
    answer.body = { card, outcome: 'refused', visibility: 'ephemeral' };
    expect((await runCli(['dploy', '--as', 'a@b.c'], env())).exitCode).toBe(1);
  });

  test('after which a run goes on end with how to follow it, for nothing follows in a terminal', async () => {
    const workflowId = 'total-build-76f5df01-0000-4000-8000-000000000000';
    for (const word of ['deploy', 'rollback', 'provision', '/Retry']) {
      const outcome = word === '/Retry' ? 'accepted' : 'started';
      answer.body = { card, outcome, visibility: 'ephemeral', workflowId };
      const { text, exitCode } = await runCli([word, 'web', '--as', 'a@b.c'], env());
      expect([text.split('\n').at(-1), exitCode]).toEqual([
        'Follow it with: npm run cli -- status 76f5df',
        0,
      ]);
    }
    answer.body = { card, outcome: 'listing', visibility: 'ephemeral', workflowId };
    expect((await runCli(['status', '--as', 'a@b.c'], env())).text).not.toContain('Follow it with');
    answer.body = { card, outcome: 'refused', visibility: 'ephemeral', workflowId };
    expect((await runCli(['retry', 'x', '--as', 'a@b.c'], env())).text).not.toContain('Follow it with');
  });

  test('that are not confirmed end with exit code 1', async () => {
    answer.body = { card, outcome: 'unconfirmed', visibility: 'ephemeral' };
    expect((await runCli(['deploy', 'web', '--as', 'a@b.c'], env())).exitCode).toBe(1);
  });

  test('with another bot’s token are refused in words', async () => {
    answer = { status: 401, body: {} };
    await expect(runCli(['status', '--as', 'a@b.c'], env())).rejects.toThrow(/refused the token/);
  });

  test('that the bot cannot carry out say why', async () => {
    answer = { status: 400, body: { error: 'words must be text' } };
    await expect(runCli(['status', '--as', 'a@b.c'], env())).rejects.toThrow(/words must be text/);
  });

  test('answered by something else are not taken for an answer', async () => {
    answer.body = { hello: 'world' };
    await expect(runCli(['status', '--as', 'a@b.c'], env())).rejects.toThrow(/no bot of this version/);
    await expect(runCli(['audit', 'x'], env())).rejects.toThrow(/no bot of this version/);
  });

  test('audit asks for one run', async () => {
    answer.body = [{ at: 0, workflowId: 'x', kind: 'asked', by: null, details: {} }];
    expect((await runCli(['audit', 'total/1'], env())).text).toContain('asked');
    expect(asked[0]?.path).toBe('/api/audit/total%2F1');
  });
});

describe('without a bot', () => {
  test('one clear sentence says so, with and without a token', async () => {
    const env = { PORT: '1', XDG_CONFIG_HOME: folder };
    const words = ['status', '--as', 'a@b.c'];
    await expect(runCli(words, env)).rejects.toThrow(
      /^the bot is not running here: there is no .*; start it with npm start/,
    );
    writeFileSync('token', 'x');
    const client = createBotClient({ host: '127.0.0.1', port: 1 }, 'token');
    await expect(client.sendCommand('status', 'a@b.c')).rejects.toThrow(
      /^the bot does not answer at http:\/\/127\.0\.0\.1:1; start it/,
    );
  });
});

describe('connection-test', () => {
  test('connects and lists the namespaces', async () => {
    const env = { TEMPORAL_URL: inject('temporalAddress'), XDG_CONFIG_HOME: folder };
    const { text, exitCode } = await runCli(['connection-test'], env);
    expect(text).toMatch(/^Temporal 1\.\S+ answers at \S+ \(from TEMPORAL_URL\)\.\n\d+ namespaces:\n/);
    expect(text).toContain('  default  (the one we use)');
    expect(exitCode).toBe(0);
  });

  test('says where it looked when nobody answers', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', XDG_CONFIG_HOME: folder };
    await expect(runCli(['connection-test'], env)).rejects.toThrow(
      /^Temporal does not answer at 127\.0\.0\.1:1 \(from TEMPORAL_ADDRESS\)/,
    );
  });
});

describe('the program', () => {
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(home, 'cli/main.ts'), ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, XDG_CONFIG_HOME: folder, TEMPORAL_ADDRESS: '127.0.0.1:1', PORT: '1' },
    });

  test('prints its usage without words', () => {
    const { stdout, status } = run();
    expect(stdout).toMatch(/^Usage: npm run cli -- <words>/);
    expect(status).toBe(0);
  });

  test('prints a trouble on stderr, as one sentence, and ends with 1', () => {
    const { stdout, stderr, status } = run('status', '--as', 'a@b.c');
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toMatch(/^the bot is not running here: .*\n$/);
  });
});
