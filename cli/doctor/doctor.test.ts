import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type FakeTeams, openFakeTeams } from '../../bot/teams/testing/fake-teams.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import { readTemporalSettings } from '../../runtime/temporal-settings.ts';
import { checkCatalog, checkNode, checkSettings } from './check-settings.ts';
import { checkSlack, checkSlackReceiver } from './check-slack.ts';
import { checkArtifacts, checkDatabase } from './check-storage.ts';
import { checkTeams } from './check-teams.ts';
import { checkTemporalServer } from './check-temporal.ts';
import { checkTools } from './check-tools.ts';
import { checkBot } from './diagnose.ts';
import { fail, ok, runChecks, warn } from './finding.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-doctor-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the report lists fixes and counts, and is healthy without failures', async () => {
  const good = await runChecks([async () => [ok('git', '2.39'), warn('bot', 'away', 'Start it.')]]);
  expect(good).toEqual({
    lines: ['ok    git: 2.39', 'warn  bot: away', '      Start it.', '', '1 ok, 1 warnings, 0 failures'],
    healthy: true,
  });
  expect((await runChecks([async () => [fail('a', 'b', 'c')]])).healthy).toBe(false);
});

test('a check that throws does not hide the others', async () => {
  const broken = () => Promise.reject(new Error('oops'));
  const { lines, healthy } = await runChecks([broken, async () => [ok('git', 'fine')]]);
  expect(lines).toContain('ok    git: fine');
  expect(lines[0]).toBe('FAIL  doctor: oops');
  expect(healthy).toBe(false);
});

describe('Temporal', () => {
  const check = async (env: Record<string, string>) => {
    const settings = readTemporalSettings({ XDG_CONFIG_HOME: folder, ...env });
    const client = connectClient(settings);
    const findings = await checkTemporalServer(client, settings)();
    await client.connection.close();
    return findings.map(({ level, subject, text }) => `${level} ${subject}: ${text}`);
  };

  test('a server that responds is described with its namespace, attributes and queues', async () => {
    const address = inject('temporalAddress');
    expect(await check({ TEMPORAL_ADDRESS: address })).toEqual([
      expect.stringMatching(/^ok Temporal: 1\.\S+ at \S+ \(from TEMPORAL_ADDRESS\)$/),
      'ok namespace: default',
      'ok search attributes: all registered',
      expect.stringMatching(/^(ok|warn) queue cicd-queue: /),
      expect.stringMatching(/^(ok|warn) queue infra-provisioning: /),
      expect.stringMatching(/^(ok|warn) queue chat: /),
    ]);
  });

  test('a missing namespace and a server that does not respond are failures', async () => {
    const address = inject('temporalAddress');
    expect(await check({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'nowhere' })).toContain(
      'fail namespace: nowhere does not exist',
    );
    expect(await check({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).toEqual([
      expect.stringMatching(
        /^fail Temporal: no response from 127\.0\.0\.1:1 \(from TEMPORAL_ADDRESS\): 14 UNAV/,
      ),
    ]);
  });
});

test('a valid catalog is described, and each problem of an invalid one is listed', async () => {
  const file = join(folder, 'quarterdeck.yaml');
  writeFileSync(file, 'services: { web: { repo: ./x, environments: { live: {} } } }');
  expect(await checkCatalog(file)()).toEqual([ok('catalog', `${file}: 1 services, 0 people`)]);
  writeFileSync(file, 'services: { web: { environments: 1 } }');
  const findings = await checkCatalog(file)();
  expect(findings.map(({ level, text }) => [level, text.slice(file.length)])).toEqual([
    ['fail', ': line 1: services.web.repo is missing'],
    ['fail', ': line 1: services.web.environments must be a map of keys and values'],
  ]);
});

test('installed tools are found, and a missing tool is a failure', async () => {
  const found = await checkTools(null, process.env)();
  expect(found.map(({ level, subject }) => `${level} ${subject}`).slice(0, 2)).toEqual([
    'ok git',
    'ok Terraform',
  ]);
  const [, missing] = await checkTools('no-such-terraform', process.env)();
  expect(missing).toMatchObject({
    level: 'fail',
    text: 'TERRAFORM_BIN not found: no-such-terraform',
  });
});

test('settings are read as the bot and the worker read them, and every problem is a failure', async () => {
  expect(await checkSettings({ XDG_CONFIG_HOME: folder })()).toEqual([ok('settings', 'valid')]);
  const broken = { PORT: 'x', WORKER_HEALTH_PORT: 'y', TEMPORAL_URL: 'http://z', XDG_CONFIG_HOME: folder };
  expect(
    (await checkSettings(broken)()).map(({ level, text }) => `${level} ${text.split(':')[0]}`).sort(),
  ).toEqual(['fail PORT', 'fail TEMPORAL_URL', 'fail WORKER_HEALTH_PORT']);
});

test('an unsupported Node version is a failure', async () => {
  expect(await checkNode('v24.1.0')()).toEqual([ok('Node', 'v24.1.0')]);
  expect(await checkNode('v20.20.2')()).toMatchObject([
    { level: 'fail', text: 'v20.20.2 is not supported (needs 24)' },
  ]);
});

test('an unreachable database and a store that is not writable are failures', async () => {
  expect(await checkDatabase('postgres://u:hunter2@127.0.0.1:1/x')()).toMatchObject([
    { level: 'fail', subject: 'database', text: expect.not.stringContaining('hunter2') },
  ]);
  expect(await checkArtifacts(`file:${join(folder, 'artifacts')}`, {})()).toMatchObject([{ level: 'ok' }]);
  writeFileSync(join(folder, 'file'), '');
  expect(await checkArtifacts(`file:${join(folder, 'file')}`, {})()).toMatchObject([{ level: 'fail' }]);
});

test('a bot is ready, not ready or not running', async () => {
  const answers = [async () => null, async () => 'Slack is away', () => Promise.reject(new Error('no bot'))];
  const findings = await Promise.all(answers.map((getUnreadyReason) => checkBot({ getUnreadyReason })()));
  expect(findings.flat().map(({ level, text }) => [level, text])).toEqual([
    ['ok', 'ready'],
    ['warn', 'not ready: Slack is away'],
    ['warn', 'no bot'],
  ]);
});

describe('Slack', () => {
  const serve = async (body: object, scopes: string): Promise<string> => {
    const server = createServer((request, response) => {
      const known = request.headers.authorization === 'Bearer xoxb-good' && request.url === '/api/auth.test';
      response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': scopes });
      response.end(JSON.stringify(known ? body : { ok: false, error: 'invalid_auth' }));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  };
  const scopes = ['chat:write', 'commands', 'users:read.email'];

  test('a valid token with all scopes is described with its user and team', async () => {
    const apiUrl = await serve(
      { ok: true, team: 'Team', user: 'bot' },
      'chat:write, commands,users:read.email',
    );
    expect(await checkSlack({ token: 'xoxb-good', apiUrl, scopes })()).toEqual([
      ok('Slack', 'bot in Team'),
      ok('Slack scopes', 'all granted'),
    ]);
  });

  test('a missing scope and an invalid token are failures, and the token is not printed', async () => {
    const apiUrl = await serve({ ok: true, team: 'Team', user: 'bot' }, 'chat:write,commands');
    expect(await checkSlack({ token: 'xoxb-good', apiUrl, scopes })()).toMatchObject([
      { level: 'ok' },
      { level: 'fail', text: 'missing: users:read.email' },
    ]);
    const refused = await checkSlack({ token: 'xoxb-bad', apiUrl, scopes })();
    expect(refused).toMatchObject([{ level: 'fail', text: 'token rejected: invalid_auth' }]);
    expect(JSON.stringify(refused)).not.toContain('xoxb-bad');
  });

  test('Socket Mode is checked without a connection, and its URL stays secret', async () => {
    const server = createServer((request, response) => {
      const good =
        request.headers.authorization === 'Bearer xapp-good' && request.url === '/api/apps.connections.open';
      response.end(
        JSON.stringify(
          good ? { ok: true, url: 'wss://x/?ticket=hunter2' } : { ok: false, error: 'missing_scope' },
        ),
      );
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
    const settings = { token: 'xoxb-good', signingSecret: null, apiUrl };
    const good = await checkSlackReceiver({ ...settings, appToken: 'xapp-good' })();
    expect(good).toEqual([ok('Slack Socket Mode', 'SLACK_APP_TOKEN can connect')]);
    expect(await checkSlackReceiver({ ...settings, appToken: 'xapp-bad' })()).toMatchObject([
      {
        level: 'fail',
        text: 'SLACK_APP_TOKEN rejected: missing_scope',
        fix: expect.stringContaining('connections:write'),
      },
    ]);
    const away = { ...settings, appToken: 'xapp-good', apiUrl: 'http://127.0.0.1:1/api/' };
    expect(await checkSlackReceiver(away)()).toMatchObject([{ level: 'warn' }]);
  });

  test('a signing secret is checked for its format, and is not printed', async () => {
    const check = (signingSecret: string | null) =>
      checkSlackReceiver({ token: 'xoxb-good', appToken: null, signingSecret, apiUrl: null })();
    expect(await check('0123456789abcdef0123456789abcdef')).toMatchObject([{ level: 'ok' }]);
    expect(await check(null)).toMatchObject([{ level: 'fail', text: 'SLACK_SIGNING_SECRET is not set' }]);
    const wrong = await check('xoxb-hunter2');
    expect(wrong).toMatchObject([{ level: 'fail', text: 'SLACK_SIGNING_SECRET has the wrong format' }]);
    expect(JSON.stringify(wrong)).not.toContain('hunter2');
    const none = { token: null, appToken: null, signingSecret: null, apiUrl: null };
    expect(await checkSlackReceiver(none)()).toEqual([]);
  });

  test('a Slack that is not connected or does not respond is only a warning', async () => {
    expect(await checkSlack({ token: null, apiUrl: null, scopes })()).toMatchObject([{ level: 'warn' }]);
    const away = { token: 'xoxb-good', apiUrl: 'http://127.0.0.1:1/api/', scopes };
    expect(await checkSlack(away)()).toMatchObject([{ level: 'warn' }]);
  });
});

describe('Teams', () => {
  let teams: FakeTeams;
  beforeAll(async () => {
    teams = await openFakeTeams();
  });
  afterAll(() => teams.close());

  test('valid credentials and readable signing keys are reported as ok', async () => {
    const findings = await checkTeams(teams.env)();
    expect(findings).toEqual([
      ok('Teams', `SingleTenant app ${teams.config.appId}, accepts 1 tenant`),
      ok('Teams token', 'received'),
      ok('Teams keys', '1 signing key found'),
    ]);
    expect(teams.calls).toEqual([]);
  });

  test('a wrong secret is a failure that names the right field, and no secret is printed', async () => {
    const findings = await checkTeams({ ...teams.env, MicrosoftAppPassword: 'hunter2' })();
    expect(findings).toMatchObject([
      { level: 'ok' },
      { level: 'fail', subject: 'Teams token', fix: expect.stringContaining('Value, not its ID') },
      { level: 'ok' },
    ]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('a missing response and missing signing keys name the setting to check', async () => {
    const authority = `https://localhost:1/${teams.config.tenantId}`;
    const away = { TEAMS_LOGIN_AUTHORITY: authority, TEAMS_OPENID_METADATA_URL: 'https://localhost:1/' };
    expect(await checkTeams({ ...teams.env, ...away })()).toMatchObject([
      { level: 'ok' },
      { level: 'warn', subject: 'Teams token', fix: expect.stringContaining('TEAMS_LOGIN_AUTHORITY') },
      { level: 'warn', subject: 'Teams keys', fix: expect.stringContaining('TEAMS_OPENID_METADATA_URL') },
    ]);
    teams.fault({ path: /^\/keys$/ }, { status: 200, body: { keys: [] } });
    expect((await checkTeams(teams.env)()).at(-1)).toMatchObject({ level: 'fail', subject: 'Teams keys' });
    teams.fault({ path: /^\/keys$/ }, 'hang');
    expect((await checkTeams(teams.env, 300)()).at(-1)).toMatchObject({
      level: 'warn',
      subject: 'Teams keys',
    });
  });

  test('a Teams that is not configured is a warning, and invalid settings are left to the settings check', async () => {
    expect(await checkTeams({})()).toMatchObject([{ level: 'warn', text: 'not connected' }]);
    expect(await checkTeams({ MicrosoftAppId: 'x' })()).toEqual([]);
  });
});
