import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Card } from '../bot/cards/card.ts';
import { commandSpecs } from '../bot/commands/index.ts';
import { createBotClient } from './bot-client.ts';
import { parseCliArgs } from './cli-args.ts';
import { renderAudit, renderCard } from './render-card.ts';
import { runCli } from './run.ts';
import { createUsage } from './usage.ts';

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

test('a card is printed as plain text with its control characters escaped', () => {
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

Actions:
  Approve: npm run cli -- approve abc123
  Deny: npm run cli -- deny abc123 <reason>
  Open: http://localhost:3000/runs/x

run abc123`);
});

test('the audit trail is printed with one line for each entry', () => {
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
])('the arguments %j are parsed as %j', (argv, typed) => {
  expect(parseCliArgs(argv)).toEqual(typed);
});

test('--as without an email is rejected', () => {
  expect(() => parseCliArgs(['status', '--as'])).toThrow('--as needs an email address');
});

describe('chat commands', () => {
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

  test('a command is sent to the running bot with its token, and the reply is printed as text', async () => {
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

  test('a refused command ends with exit code 1', async () => {
    answer.body = { card, outcome: 'refused', visibility: 'ephemeral' };
    expect((await runCli(['dploy', '--as', 'a@b.c'], env())).exitCode).toBe(1);
  });

  test('a command that starts or resumes a run prints how to follow it', async () => {
    const workflowId = 'total-build-76f5df01-0000-4000-8000-000000000000';
    for (const word of ['deploy', 'rollback', 'provision', '/Retry']) {
      const outcome = word === '/Retry' ? 'accepted' : 'started';
      answer.body = { card, outcome, visibility: 'ephemeral', workflowId };
      const { text, exitCode } = await runCli([word, 'web', '--as', 'a@b.c'], env());
      expect([text.split('\n').at(-1), exitCode]).toEqual([
        'To follow the run: npm run cli -- status 76f5df',
        0,
      ]);
    }
    answer.body = { card, outcome: 'listing', visibility: 'ephemeral', workflowId };
    expect((await runCli(['status', '--as', 'a@b.c'], env())).text).not.toContain('To follow');
    answer.body = { card, outcome: 'refused', visibility: 'ephemeral', workflowId };
    expect((await runCli(['retry', 'x', '--as', 'a@b.c'], env())).text).not.toContain('To follow');
  });

  test('an unconfirmed command ends with exit code 1', async () => {
    answer.body = { card, outcome: 'unconfirmed', visibility: 'ephemeral' };
    expect((await runCli(['deploy', 'web', '--as', 'a@b.c'], env())).exitCode).toBe(1);
  });

  test('a token of another bot is rejected with a clear error', async () => {
    answer = { status: 401, body: {} };
    await expect(runCli(['status', '--as', 'a@b.c'], env())).rejects.toThrow(/rejected the token/);
  });

  test('the reason of an HTTP error is printed', async () => {
    answer = { status: 400, body: { error: 'words must be text' } };
    await expect(runCli(['status', '--as', 'a@b.c'], env())).rejects.toThrow(/words must be text/);
  });

  test('a response of another server ends with an error', async () => {
    answer.body = { hello: 'world' };
    await expect(runCli(['status', '--as', 'a@b.c'], env())).rejects.toThrow(/isn't a bot of this version/);
    await expect(runCli(['audit', 'x'], env())).rejects.toThrow(/isn't a bot of this version/);
  });

  test('audit requests the entries of one run', async () => {
    answer.body = [{ at: 0, workflowId: 'x', kind: 'asked', by: null, details: {} }];
    expect((await runCli(['audit', 'total/1'], env())).text).toContain('requested');
    expect(asked[0]?.path).toBe('/api/audit/total%2F1');
  });
});

test('the usage lists every chat command with the arguments and the description of its spec', () => {
  const usage = createUsage(commandSpecs);
  const listed = [...usage.matchAll(/^ {2}(\S.*)\n {6}(.+)$/gm)].map(([, line, description]) => ({
    line,
    description,
  }));
  const own = ['audit <id>', 'connection-test', 'doctor'];
  expect(listed.filter(({ line = '' }) => !own.includes(line))).toEqual(
    commandSpecs.map(({ name, usage: args, description }) => ({
      line: `${name} ${args}`.trim(),
      description,
    })),
  );
  expect(listed.map(({ line }) => line)).toEqual(expect.arrayContaining(own));
});

describe('without a running bot', () => {
  test('the error names the next step, with and without a token file', async () => {
    const env = { PORT: '1', XDG_CONFIG_HOME: folder };
    const words = ['status', '--as', 'a@b.c'];
    await expect(runCli(words, env)).rejects.toThrow(
      /^The bot isn't running in this directory: .* not found\. Start it with npm start/,
    );
    writeFileSync('token', 'x');
    const client = createBotClient({ host: '127.0.0.1', port: 1 }, 'token');
    await expect(client.sendCommand('status', 'a@b.c')).rejects.toThrow(
      /^Can't reach the bot at http:\/\/127\.0\.0\.1:1\. Start it/,
    );
  });
});

describe('connection-test', () => {
  test('connection-test lists the namespaces', async () => {
    const env = { TEMPORAL_URL: inject('temporalAddress'), XDG_CONFIG_HOME: folder };
    const { text, exitCode } = await runCli(['connection-test'], env);
    expect(text).toMatch(/^Temporal 1\.\S+ responds at \S+ \(from TEMPORAL_URL\)\.\n\d+ namespaces:\n/);
    expect(text).toContain('  default  (in use)');
    expect(exitCode).toBe(0);
  });

  test('connection-test names the address when Temporal is not responding', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', XDG_CONFIG_HOME: folder };
    await expect(runCli(['connection-test'], env)).rejects.toThrow(
      /^Temporal isn't responding at 127\.0\.0\.1:1 \(from TEMPORAL_ADDRESS\)/,
    );
  });
});

describe('the program', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(home, 'cli/main.ts'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, XDG_CONFIG_HOME: folder, TEMPORAL_ADDRESS: '127.0.0.1:1', PORT: '1' },
    });

  test('the program prints its usage without arguments', () => {
    const { stdout, status } = run();
    expect(stdout).toBe(`${createUsage(commandSpecs)}\n`);
    expect(status).toBe(0);
  });

  test('the program prints an error on stderr, and ends with exit code 1', () => {
    const { stdout, stderr, status } = run('status', '--as', 'a@b.c');
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toMatch(/^The bot isn't running in this directory: .*\n$/);
  });
});
