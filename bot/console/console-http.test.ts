import { chmod, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { infoCard } from '../cards/notice-cards.ts';
import { ada, sampleView } from '../cards/testing/sample-parts.ts';
import { sampleRuns } from '../cards/testing/samples.ts';
import { type FakeConsole, type FakeConsoleOptions, startFakeConsole } from './testing/fake-console.ts';
import { createFakeRuns } from './testing/fake-runs.ts';

interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const running: FakeConsole[] = [];
const start = async (options: FakeConsoleOptions = {}): Promise<FakeConsole> => {
  const console = await startFakeConsole(options);
  running.push(console);
  return console;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

/** Plain http: `fetch` does not let a test choose the Host. */
const request = (
  { port }: FakeConsole,
  path: string,
  { method = 'GET', headers = {}, body }: RequestOptions = {},
) =>
  new Promise<HttpResponse>((resolve, reject) => {
    const sent = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: `localhost:${port}`, ...headers },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.end(body);
  });

const getCookie = (answer: HttpResponse, name: string): string =>
  (answer.headers['set-cookie'] ?? []).find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0] ?? '';

/** A browser that has the page open: its cookie, and the form's own fields. */
const visit = async (console: FakeConsole, as: string = ada.id) => {
  const page = await request(console, '/');
  const cookie = getCookie(page, 'quarterdeck_token');
  const csrf = /name="csrf" content="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const own = {
    origin: console.url,
    'sec-fetch-site': 'same-origin',
    cookie,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  const form = (fields: Record<string, string>) =>
    new URLSearchParams({ csrf, as, nonce: 'a-nonce-of-the-page', ...fields }).toString();
  return { cookie, csrf, own, form };
};

const command = { text: 'deploy web production' };

describe('who can run commands', () => {
  it('a page of the console can run commands', async () => {
    const console = await start();
    const { own, form } = await visit(console);
    const answer = await request(console, '/console/commands', {
      method: 'POST',
      headers: own,
      body: form(command),
    });
    expect(answer.status).toBe(200);
    expect(console.calls).toMatchObject([{ command: 'deploy', args: 'web production', actor: ada }]);
  });

  const hostile: readonly (readonly [string, (own: Record<string, string>) => Record<string, string>])[] = [
    [
      'a form on another origin',
      (own) => ({ ...own, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }),
    ],
    [
      'another port of this machine',
      (own) => ({ ...own, origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }),
    ],
    ['a sandboxed frame', (own) => ({ ...own, origin: 'null', 'sec-fetch-site': 'cross-site' })],
    ['an origin that lies about the site', (own) => ({ ...own, origin: 'http://evil.example' })],
    ['a site that lies about the origin', (own) => ({ ...own, 'sec-fetch-site': 'cross-site' })],
    ['https instead of http', (own) => ({ ...own, origin: own.origin?.replace('http:', 'https:') ?? '' })],
    ['no origin at all', ({ origin: _, 'sec-fetch-site': __, ...own }) => own],
    ['a console page without its cookie', (own) => ({ ...own, cookie: '' })],
    ['a console page with a forged cookie', (own) => ({ ...own, cookie: 'quarterdeck_token=x.y' })],
  ];

  it.each(hostile)('a request from %s is rejected', async (_, change) => {
    const console = await start();
    const { own, form } = await visit(console);
    for (const path of ['/console/commands', '/console/actions', '/console/switch-user']) {
      const body = form({ ...command, command: 'approve', args: 'x', person: 'grace@example.com' });
      const answer = await request(console, path, { method: 'POST', headers: change(own), body });
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie'] ?? []).not.toContainEqual(
        expect.stringContaining('quarterdeck_person'),
      );
    }
    expect(console.calls).toEqual([]);
  });

  it('a form without a token, or with the token of another browser, is rejected', async () => {
    const console = await start();
    const { own, form } = await visit(console);
    const other = await visit(console);
    const bodies = [
      form({ ...command, csrf: '' }),
      form({ ...command, csrf: other.csrf }),
      new URLSearchParams(command).toString(),
    ];
    for (const body of bodies)
      expect(
        await request(console, '/console/commands', { method: 'POST', headers: own, body }),
      ).toMatchObject({
        status: 403,
      });
    expect(console.calls).toEqual([]);
  });

  it('a page that shows another user than the current one is rejected', async () => {
    const console = await start();
    const { own, form } = await visit(console, 'grace@example.com');
    const answer = await request(console, '/console/commands', {
      method: 'POST',
      headers: own,
      body: form(command),
    });
    expect(answer.status).toBe(409);
    expect(console.calls).toEqual([]);
  });

  it('commands are rejected while another chat is connected, and the pages have no forms', async () => {
    const console = await start({ interactive: false });
    for (const { run } of sampleRuns) console.runs.put(run);
    const page = await request(console, '/');
    expect(page.text).not.toMatch(/<button|id="composer"|action="\/console\/(commands|actions|switch-user)"/);
    const { own, form } = await visit(console);
    const answer = await request(console, '/console/commands', {
      method: 'POST',
      headers: own,
      body: form(command),
    });
    expect(answer.status).toBe(403);
    expect(console.calls).toEqual([]);
  });

  it('commands are rejected through a public URL in front of a loopback address', async () => {
    const console = await start({ publicUrl: 'https://deploys.example.com' });
    const host = { host: 'deploys.example.com' };
    const page = await request(console, '/', { headers: host });
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('id="composer"');
    const { own, form } = await visit(console);
    const headers = { ...own, ...host, origin: 'https://deploys.example.com' };
    expect(
      await request(console, '/console/commands', { method: 'POST', headers, body: form(command) }),
    ).toMatchObject({
      status: 403,
    });
    expect(console.calls).toEqual([]);
  });

  it('the chosen user is signed, and only people of the catalog can be chosen', async () => {
    const console = await start();
    const { own, form, cookie } = await visit(console);
    const switchTo = (person: string) =>
      request(console, '/console/switch-user', {
        method: 'POST',
        headers: own,
        body: form({ person, back: '//evil.example' }),
      });
    expect(await switchTo('mallory@example.com')).toMatchObject({ status: 400 });
    const chosen = await switchTo('grace@example.com');
    expect(chosen).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(chosen.headers['set-cookie']?.join()).toMatch(/HttpOnly/);
    const grace = getCookie(chosen, 'quarterdeck_person');
    const getSelected = async (person: string) =>
      /<option value="([^"]+)" selected/.exec(
        (await request(console, '/', { headers: { cookie: `${cookie}; ${person}` } })).text,
      )?.[1];
    expect(await getSelected(grace)).toBe('grace@example.com');
    expect(await getSelected(`${grace}x`)).toBe(ada.id);
    expect(await getSelected('quarterdeck_person=grace@example.com')).toBe(ada.id);
  });

  it('users stay signed in when the bot restarts', async () => {
    const memory = new Map<string, unknown>();
    const first = await start({ memory });
    const { own, form, cookie } = await visit(first);
    const chosen = await request(first, '/console/switch-user', {
      method: 'POST',
      headers: own,
      body: form({ person: 'grace@example.com' }),
    });
    const second = await start({ memory });
    const headers = { cookie: `${cookie}; ${getCookie(chosen, 'quarterdeck_person')}` };
    const page = await request(second, '/', { headers });
    expect(page.text).toContain('<option value="grace@example.com" selected>');
    expect(page.headers['set-cookie']).toBeUndefined();
  });
});

describe('a public URL with a public HOST', () => {
  const publicUrl = 'https://deploys.example.com';
  const host = 'deploys.example.com';

  it('commands are accepted over TLS only, and cookies are secure', async () => {
    const console = await start({ publicUrl, host: '0.0.0.0' });
    const page = await request(console, '/', { headers: { host } });
    expect(page.headers['set-cookie']?.join()).toMatch(/; Secure/);
    const csrf = /name="csrf" content="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const body = new URLSearchParams({
      csrf,
      as: ada.id,
      nonce: 'a-nonce-of-the-page',
      ...command,
    }).toString();
    const own = {
      host,
      cookie: getCookie(page, 'quarterdeck_token'),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    const post = (origin: string) =>
      request(console, '/console/commands', { method: 'POST', headers: { ...own, origin }, body });
    expect(await post('http://deploys.example.com')).toMatchObject({ status: 403 });
    expect(await post(publicUrl)).toMatchObject({ status: 200 });
    expect(console.calls).toHaveLength(1);
  });
});

describe('host names', () => {
  it.each([
    'evil.example',
    'localhost',
    'localhost:1',
    '127.0.0.1.evil.example',
    'evil.example:3000',
    '[::2]:3000',
  ])('the unknown host %s is rejected', async (host) => {
    const console = await start();
    for (const path of [
      '/',
      '/runs',
      '/console/stream?page=chat&conversation=main',
      '/api/audit/x',
      '/nowhere',
    ]) {
      const answer = await request(console, path, { headers: { host } });
      expect(answer.status).toBe(421);
      expect(answer.text).not.toContain('<');
    }
  });

  it('the server’s own host names are accepted', async () => {
    const console = await start({ publicUrl: 'https://deploys.example.com' });
    const { port } = console;
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      'deploys.example.com',
      `LOCALHOST:${port}`,
    ])
      expect(await request(console, '/runs', { headers: { host } })).toMatchObject({ status: 200 });
  });
});

describe('every response', () => {
  it('every response has the security headers', async () => {
    const console = await start();
    for (const path of ['/', '/runs', '/nowhere', '/console/token']) {
      const { headers } = await request(console, path);
      expect(headers['content-security-policy']).toMatch(
        /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
      );
      expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*/);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('no page contains inline scripts or styles', async () => {
    const console = await start();
    for (const { run } of sampleRuns)
      console.runs.put({ ...run, view: { ...run.view, conversation: 'console:main' } });
    for (const path of ['/', '/runs', `/runs/${sampleView(14).workflowId}`]) {
      const { text } = await request(console, path);
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=["']/i);
    }
  });

  it('the CSRF cookie is strict and HttpOnly, and a request from another site sets none', async () => {
    const console = await start();
    const own = await request(console, '/');
    expect(own.headers['set-cookie']?.join()).toMatch(/quarterdeck_token=.*HttpOnly.*SameSite=Strict/);
    const fromElsewhere = await request(console, '/', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(fromElsewhere.headers['set-cookie']).toBeUndefined();
    expect(fromElsewhere.text).toContain('name="csrf" content=""');
  });

  it('assets can be cached without limit', async () => {
    const console = await start();
    const page = await request(console, '/');
    const paths = [...page.text.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const asset = await request(console, path);
      expect(asset).toMatchObject({
        status: 200,
        headers: { 'cache-control': 'public, max-age=31536000, immutable' },
      });
      const again = await request(console, path, { headers: { 'if-none-match': asset.headers.etag ?? '' } });
      expect(again.status).toBe(304);
    }
    expect(await request(console, '/console/assets/000000000000/console.css')).toMatchObject({ status: 404 });
    expect(await request(console, '/console/assets/..%2f..%2f/package.json')).toMatchObject({ status: 404 });
  });
});

describe('artifacts of a run', () => {
  const log = { key: 'log/tests', bytes: 20, sha256: 'ab'.repeat(32) };
  const view = sampleView(1, {
    stages: sampleView(1).stages.map((stage) => (stage.name === 'perform_tests' ? { ...stage, log } : stage)),
  });

  it('an artifact is sent as plain text', async () => {
    const console = await start();
    console.runs.put({ view, live: {}, externalEnd: null });
    console.runs.texts.set(log.key, '<script>alert(1)</script>');
    const answer = await request(console, `/runs/${view.workflowId}/logs/perform_tests`);
    expect(answer).toMatchObject({ status: 200, text: '<script>alert(1)</script>' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });

  it('only the artifacts of a run can be requested', async () => {
    const console = await start();
    console.runs.put({ view, live: {}, externalEnd: null });
    for (const path of ['logs/build_image', 'logs/..%2f..%2fsecret', 'plan', 'remaining'])
      expect(await request(console, `/runs/${view.workflowId}/${path}`)).toMatchObject({ status: 404 });
  });

  it('an artifact that cannot be read is answered with 502', async () => {
    const console = await start();
    console.runs.put({ view, live: {}, externalEnd: null });
    const answer = await request(console, `/runs/${view.workflowId}/logs/perform_tests`, {
      headers: { accept: 'text/html' },
    });
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('Artifact storage is unavailable');
  });
});

describe('pages', () => {
  it('a run is found by a prefix of its id', async () => {
    const console = await start();
    const { workflowId } = sampleView(3);
    console.runs.put({ view: sampleView(3), live: {}, externalEnd: null });
    const answer = await request(console, `/runs/${workflowId.slice(12, 18)}`);
    expect(answer).toMatchObject({ status: 302, headers: { location: `/runs/${workflowId}` } });
  });

  it('an unknown run is answered with 404, and its id does not become markup', async () => {
    const console = await start();
    const run = await request(console, '/runs/%3Cscript%3Ealert(1)', { headers: { accept: 'text/html' } });
    expect(run.status).toBe(404);
    expect(run.text).toContain('No unique run matches');
    expect(run.text).not.toContain('<script>alert');
    expect(await request(console, '/nowhere', { headers: { accept: 'text/html' } })).toMatchObject({
      status: 404,
    });
  });

  it('an unknown run costs one read, and does not load the list', async () => {
    const runs = createFakeRuns();
    const lists: number[] = [];
    const console = await start({
      runs: {
        ...runs,
        get: () => Promise.reject(new Error('asking Temporal: it is away')),
        list: (filter) => {
          lists.push(filter.limit);
          return runs.list(filter);
        },
      },
    });
    lists.length = 0;
    expect(await request(console, '/runs/ffffffff')).toMatchObject({ status: 500 });
    expect(lists).toEqual([]);
  });

  it('a run page shows the last known state while Temporal is not responding', async () => {
    const console = await start();
    const view = sampleView(3);
    console.runs.put({ view, live: {}, externalEnd: null });
    console.runs.away = true;
    const answer = await request(console, `/runs/${view.workflowId}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Showing the last known state.');
  });

  it('the list of runs is filtered, and has pages', async () => {
    const console = await start();
    for (let index = 0; index < 40; index += 1)
      console.runs.put({
        view: sampleView(index, { askedAt: 1_000_000 + index, name: index % 4 === 0 ? 'worker' : 'web' }),
        live: {},
        externalEnd: null,
      });
    const rows = (text: string) => text.match(/<tr>/g)?.length ?? 0;
    const first = await request(console, '/runs');
    expect(rows(first.text)).toBe(31);
    const older =
      /<a class="button plain" href="([^"]+)" rel="next">/.exec(first.text)?.[1]?.replace(/&amp;/g, '&') ??
      '';
    expect(rows((await request(console, older)).text)).toBe(11);
    expect(rows((await request(console, '/runs?service=worker')).text)).toBe(11);
    expect((await request(console, '/runs?status=failed')).text).toContain('No matching runs.');
    expect(first.text).toContain('40 runs, page 1 of 2');
    expect((await request(console, '/runs?page=9')).text).toContain('This page does not exist.');
  });

  it('the list of runs keeps the typed filters, and shows their problem', async () => {
    const console = await start();
    console.runs.put({ view: sampleView(3, { askedAt: Date.now() }), live: {}, externalEnd: null });
    const good = await request(
      console,
      '/runs?requester=Ada%40example.com&since=1d&until=2999-01-01&environment=production',
    );
    expect(good.text).toContain('1 run</span>');
    expect(good.text).toContain('value="Ada@example.com"');
    expect(good.text).toContain('value="2999-01-01"');
    const bad = await request(console, '/runs?status=%3Cb%3Efaild&since=yesterday');
    expect(bad.text).toContain('Unknown status “&lt;b&gt;faild”.');
    expect(bad.text).toContain('value="yesterday"');
    expect((await request(console, '/runs?since=yesterday')).text).toContain('Invalid time “yesterday”.');
  });

  it('the list of runs shows when it is not current', async () => {
    const console = await start();
    console.runs.put({ view: sampleView(3), live: {}, externalEnd: null });
    console.runs.away = true;
    const answer = await request(console, '/runs');
    expect(answer.text).toContain('Showing the last known state of the runs.');
    expect(answer.text).toContain(sampleView(3).workflowId);
  });

  it('the timeline of a stack names no branch', async () => {
    const console = await start();
    const view = sampleView(3, {
      kind: 'provision',
      events: [{ seq: 0, at: 1, kind: 'asked', by: ada, ref: '', force: false }],
    });
    console.runs.put({ view, live: {}, externalEnd: null });
    const { text } = await request(console, `/runs/${view.workflowId}`);
    expect(text).toContain('Requested by Ada');
    expect(text).not.toContain('Requested by Ada from');
  });

  it('a run page shows the search attributes, and leaves them out while Temporal is not responding', async () => {
    const console = await start();
    const view = sampleView(3);
    console.runs.put({ view, live: {}, externalEnd: null });
    expect((await request(console, `/runs/${view.workflowId}`)).text).toMatch(
      /provisionStatus<\/dt>\s*<dd class="id">running/,
    );
    console.runs.away = true;
    const answer = await request(console, `/runs/${view.workflowId}`);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.text).not.toContain('provisionStatus');
  });

  it('the chat and the list of runs show the problems of an invalid catalog', async () => {
    const problems: string[] = [];
    const console = await start({ catalogProblems: () => problems });
    for (const path of ['/', '/runs'])
      expect((await request(console, path)).text).not.toContain('Invalid catalog');
    problems.push('line 12: services.web.repo must be <text>', ...Array.from({ length: 4 }, () => 'line 13'));
    for (const path of ['/', '/runs'])
      expect((await request(console, path)).text).toContain(
        'Invalid catalog; Quarterdeck keeps using the last valid catalog: line 12: services.web.repo must be &lt;text&gt;; line 13; line 13; and 2 more',
      );
    const dashboard = await start({ interactive: false, catalogProblems: () => problems });
    expect((await request(dashboard, '/')).text).toContain('Invalid catalog');
  });

  it('commands and buttons work without scripts', async () => {
    const console = await start();
    const { own, form } = await visit(console);
    const headers = { ...own, accept: 'text/html' };
    const sent = await request(console, '/console/commands', {
      method: 'POST',
      headers,
      body: form({ ...command, back: '/' }),
    });
    expect(sent).toMatchObject({ status: 303, headers: { location: '/' } });
    const chat = await request(console, '/', { headers: { cookie: own.cookie } });
    expect(chat.text).toMatch(/<button[^>]*>Approve<\/button>/);
    const id = /name="args" value="([^"]+)"/.exec(chat.text)?.[1] ?? '';
    const pressed = await request(console, '/console/actions', {
      method: 'POST',
      headers,
      body: form({ command: 'approve', args: id, back: '/' }),
    });
    const next = pressed.headers.location ?? '';
    expect(next).toMatch(/^\/\?message=/);
    expect((await request(console, next)).text).toContain('another approver must approve it');
  });

  it('a list that a button requested is added to the conversation', async () => {
    const console = await start();
    console.runs.put({ view: sampleView(3), live: {}, externalEnd: null });
    const { own, form } = await visit(console);
    await request(console, '/console/actions', {
      method: 'POST',
      headers: own,
      body: form({ command: 'status', args: 'web --page 2', back: '/' }),
    });
    const chat = await request(console, '/', { headers: { cookie: own.cookie } });
    expect(chat.text).toContain('Runs web --page 2');
    expect(chat.text).toContain('1 run');
  });

  it('too much text is rejected with an error message', async () => {
    const console = await start();
    const { own, form } = await visit(console);
    for (const length of [11_000, 200_000]) {
      const answer = await request(console, '/console/commands', {
        method: 'POST',
        headers: own,
        body: form({ text: 'x'.repeat(length) }),
      });
      expect([400, 413]).toContain(answer.status);
      expect(JSON.parse(answer.text)).toMatchObject({ error: expect.stringMatching(/nothing was done/i) });
    }
    expect(console.calls).toEqual([]);
  });
});

describe('the CLI endpoint', () => {
  const say = async (console: FakeConsole, headers: Record<string, string>, body: unknown) =>
    request(console, '/api/words', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('a command with the token is answered with a card', async () => {
    const console = await start();
    const authorization = `Bearer ${await console.token()}`;
    const answer = await say(
      console,
      { authorization },
      { words: '/deploy web production', as: 'Ada@example.com' },
    );
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      card: { title: 'Started' },
      workflowId: expect.any(String),
    });
    expect(console.calls).toMatchObject([{ command: 'deploy', args: 'web production', actor: ada }]);
  });

  it('a long command reaches dispatch, which reports the limit', async () => {
    const console = await start();
    const authorization = `Bearer ${await console.token()}`;
    const words = `deploy ${'ä'.repeat(31_000)}`;
    expect(await say(console, { authorization }, { words, as: ada.id })).toMatchObject({ status: 200 });
    expect(console.calls).toHaveLength(1);
    const more = { words: 'x'.repeat(32_001), as: ada.id };
    expect(await say(console, { authorization }, more)).toMatchObject({ status: 400 });
  });

  it('the token file is readable by its user only, and each start writes a new token', async () => {
    const first = await start();
    const second = await start();
    expect((await stat(first.tokenFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(first.tokenFile, 'utf8')).not.toBe(await readFile(second.tokenFile, 'utf8'));
  });

  it('the token file replaces an older file that others can read', async () => {
    const { platform, tokenFile, token } = await start();
    await writeFile(tokenFile, 'old', { mode: 0o666 });
    await chmod(tokenFile, 0o666);
    const others = await open(tokenFile);
    await platform.start();
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
    expect(await token()).toMatch(/^[\w-]{32}$/);
    // A reader of the old file does not see the new token.
    expect(await others.readFile('utf8')).toBe('old');
    await others.close();
    expect(await readdir(dirname(tokenFile))).toEqual(['cli-token']);
  });

  it('a deferred reply is shown to its sender only', async () => {
    const console = await start();
    const authorization = `Bearer ${await console.token()}`;
    await say(console, { authorization }, { words: 'help', as: 'grace@example.com' });
    const late = {
      card: infoCard('Late', 'A late answer.'),
      outcome: 'accepted',
      visibility: 'ephemeral',
    } as const;
    await console.calls[0]?.deliverDeferredReply?.(late);
    expect((await request(console, '/')).text).not.toContain('A late answer');
    const { own, form, cookie } = await visit(console);
    const body = form({ person: 'grace@example.com' });
    const chosen = await request(console, '/console/switch-user', { method: 'POST', headers: own, body });
    const grace = { cookie: `${cookie}; ${getCookie(chosen, 'quarterdeck_person')}` };
    expect((await request(console, '/', { headers: grace })).text).toContain('A late answer');
  });

  it('requests without the token and requests from browsers are rejected', async () => {
    const console = await start();
    const token = await console.token();
    const body = { words: 'help', as: ada.id };
    const { cookie } = await visit(console);
    expect(await say(console, {}, body)).toMatchObject({ status: 401 });
    expect(await say(console, { authorization: 'Bearer ' }, body)).toMatchObject({ status: 401 });
    expect(await say(console, { authorization: `Bearer ${token}x` }, body)).toMatchObject({ status: 401 });
    expect(await say(console, { authorization: token }, body)).toMatchObject({ status: 401 });
    expect(await say(console, { cookie, origin: console.url }, body)).toMatchObject({ status: 403 });
    expect(await say(console, { authorization: `Bearer ${token}`, origin: console.url }, body)).toMatchObject(
      { status: 403 },
    );
    expect(await request(console, '/api/audit/x')).toMatchObject({ status: 401 });
    expect(console.calls).toEqual([]);
  });

  it('invalid bodies are rejected with 400', async () => {
    const console = await start();
    const authorization = `Bearer ${await console.token()}`;
    for (const body of [
      {},
      { words: '', as: ada.id },
      { words: 'help', as: 'no-email' },
      { words: 1, as: ada.id },
      [],
    ])
      expect(await say(console, { authorization }, body)).toMatchObject({ status: 400 });
    const broken = await request(console, '/api/words', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
    expect(console.calls).toEqual([]);
  });

  it('the audit trail is found by the full id or a prefix', async () => {
    const console = await start();
    const headers = { authorization: `Bearer ${await console.token()}` };
    const { workflowId } = sampleView(5);
    console.runs.put({ view: sampleView(5), live: {}, externalEnd: null });
    console.runs.put({ view: sampleView(6), live: {}, externalEnd: null });
    console.runs.audits.push({ at: 1, workflowId, kind: 'asked', by: ada.id, details: {} });
    const whole = await request(console, `/api/audit/${workflowId}`, { headers });
    expect(JSON.parse(whole.text)).toMatchObject([{ workflowId, kind: 'asked' }]);
    const short = await request(console, `/api/audit/${workflowId.slice(12, 16)}`, { headers });
    expect(JSON.parse(short.text)).toEqual(JSON.parse(whole.text));
    expect(await request(console, '/api/audit/ffff', { headers })).toMatchObject({ status: 404 });
  });
});
