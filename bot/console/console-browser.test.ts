import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { driftCard } from '../cards/drift-card.ts';
import { sampleDriftReport } from '../cards/testing/sample-drift.ts';
import { dangerousPlan, sampleStages } from '../cards/testing/sample-parts.ts';
import { sampleRuns } from '../cards/testing/samples.ts';
import { launchBrowser } from '../testing/browser.ts';
import { demoScenarios } from './chat/demo-scenarios.ts';
import { fillDemo } from './testing/demo-world.ts';
import { type FakeConsole, type FakeConsoleOptions, startFakeConsole } from './testing/fake-console.ts';

const pollOptions = { timeout: 20_000 };
const grace = 'grace@example.com';

let browser: Browser;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
afterAll(() => browser.close());

const start = async (options?: FakeConsoleOptions): Promise<FakeConsole> => {
  const console = await startFakeConsole(options);
  cleanups.push(() => console.stop());
  return console;
};

const visit = async (url: string, look: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', ...look });
  context.setDefaultTimeout(20_000);
  cleanups.push(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return page;
};

let errors: string[] = [];
const live = (page: Page) => page.waitForSelector('[data-state="on"]');

const switchUser = async (page: Page, person: string): Promise<void> => {
  const changed = page.waitForEvent('load');
  await page.selectOption('#person', person);
  await changed;
  await live(page);
};

const typeLine = async (page: Page, line: string): Promise<void> => {
  await page.fill('#command', line);
  await page.press('#command', 'Enter');
};

const script = (name: string) =>
  readFile(fileURLToPath(new URL(`./testing/${name}.js`, import.meta.url)), 'utf8');

describe('the chat', () => {
  it('a typed command shows a card that updates, and a second person can approve it', async () => {
    errors = [];
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    expect(await page.getAttribute('#command', 'placeholder')).toBe('deploy web production');
    await page.getByRole('button', { name: 'deploy web production' }).click();
    await page.keyboard.press('Enter');
    const card = page.locator('.entry.run');
    await card.waitFor();
    expect(await card.locator('.status').textContent()).toBe('Waiting for approval: 1 to add');
    expect(await page.inputValue('#command')).toBe('');

    await switchUser(page, grace);
    await page.locator('#waiting').getByText('Deploy web to production').waitFor();
    await card.getByText('Approve…').click();
    await card.getByText('Apply this plan?').waitFor();
    await card.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect.poll(() => card.locator('.status').textContent(), pollOptions).toBe('Applying');
    expect(await card.getByText('Approve…').count()).toBe(0);
    await expect.poll(() => page.locator('#toast').textContent(), pollOptions).toBe('Approved, 1 of 1.');
    await expect.poll(() => page.locator('#spoken').textContent(), pollOptions).toContain('Applying');

    const [run] = await console.runs.list({ limit: 1 });
    if (!run) throw new Error('there is no run');
    console.runs.put({ ...run, live: { terraform_apply: { done: 3, total: 12, lines: [] } } });
    await expect
      .poll(() => card.locator('.status').textContent(), pollOptions)
      .toBe('Applying, 3 of 12 done');
    console.runs.put({
      ...run,
      live: {},
      view: { ...run.view, status: 'succeeded', stages: sampleStages(null) },
    });
    await expect.poll(() => card.locator('.status').textContent(), pollOptions).toBe('Deployed');
    expect(errors).toEqual([]);
  });

  it('a card of another tab appears, and the text being typed stays', async () => {
    const console = await start();
    const page = await visit(console.url);
    const other = await visit(console.url);
    await live(page);
    await page.fill('#command', 'half a line');
    await typeLine(other, 'deploy web production');
    await page.locator('.entry.run').waitFor();
    expect(await page.inputValue('#command')).toBe('half a line');
    expect(await page.evaluate('document.activeElement.id')).toBe('command');
  });

  it('a denial needs a reason, and a typed reason survives an update of the card', async () => {
    const console = await start();
    const page = await visit(console.url);
    await typeLine(page, 'deploy web production');
    const card = page.locator('.entry.run');
    await card.waitFor();
    await switchUser(page, grace);
    await card.getByText('Deny…').click();
    const why = card.getByLabel('Reason (visible');
    await expect
      .poll(() => why.evaluate((it) => it === it.ownerDocument.activeElement), pollOptions)
      .toBe(true);
    await card.getByRole('button', { name: 'Deny', exact: true }).click();
    expect(
      await why.evaluate((it: { validity?: { valueMissing: boolean } }) => it.validity?.valueMissing),
    ).toBe(true);
    expect(console.calls.map(({ command }) => command)).toEqual(['deploy']);

    await why.fill('too late today');
    const [run] = await console.runs.list({ limit: 1 });
    if (!run) throw new Error('there is no run');
    console.runs.put({ ...run, view: { ...run.view, ref: 'release/7' } });
    await card.getByText('release/7').waitFor();
    expect(await why.inputValue()).toBe('too late today');
    expect(await why.evaluate((it) => it === it.ownerDocument.activeElement)).toBe(true);

    await card.getByRole('button', { name: 'Deny', exact: true }).click();
    await expect
      .poll(() => card.locator('.status').textContent(), pollOptions)
      .toContain('Denied by Grace: too late today');
    expect(console.calls.at(-1)).toMatchObject({ command: 'deny', actor: { id: grace } });
  });

  it('a double click counts as one decision', async () => {
    const console = await start();
    const page = await visit(console.url);
    await typeLine(page, 'deploy web production');
    const card = page.locator('.entry.run');
    await card.waitFor();
    await switchUser(page, grace);
    await card.getByText('Approve…').click();
    const form = card.locator('form', { has: page.getByRole('button', { name: 'Approve', exact: true }) });
    const fields = await form
      .locator('input')
      .evaluateAll((inputs: { name: string; value: string }[]) =>
        inputs.map(({ name, value }) => [name, value]),
      );
    // As a browser would without our script, and twice at once.
    await page.evaluate(`(() => {
      const body = new URLSearchParams(${JSON.stringify(fields)});
      const send = () => fetch('/console/actions', { method: 'POST', body, headers: { accept: 'application/json' } });
      return Promise.all([send(), send()]).then((answers) => answers.map(({ status }) => status));
    })()`);
    await card.getByText('Approve…').waitFor({ state: 'detached' });
    expect(console.calls.filter(({ command }) => command === 'approve')).toHaveLength(1);
  });

  it('an unknown command is answered to its sender only', async () => {
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    await typeLine(page, '<b>deplox</b>');
    await page.locator('#entries').getByText('Unknown command').waitFor();
    expect(await page.locator('.entry.command .typed').textContent()).toBe('<b>deplox</b>');
    await switchUser(page, grace);
    expect(await page.locator('#entries').getByText('Unknown command').count()).toBe(0);
  });

  it('the page reconnects by itself after the bot restarts', async () => {
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    await console.platform.stop();
    await page.waitForSelector('[data-state="off"]');
    await console.platform.start();
    await live(page);
    await typeLine(page, 'deploy web production');
    await page.locator('.entry.run').waitFor();
    expect(console.calls.map(({ command }) => command)).toEqual(['deploy']);
    expect(await page.locator('#link-state').textContent()).toBe('Live');
  });

  it('an update keeps an open confirmation, and opens no other one in its place', async () => {
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    await typeLine(page, 'deploy web production');
    const card = page.locator('.entry.run');
    await card.waitFor();
    const [run] = await console.runs.list({ limit: 1 });
    if (!run?.view.approval) throw new Error('the fake run has no approval request');
    const cancel = card.locator('details.ask', { hasText: 'Cancel…' });
    const redraw = async (ref: string, status: 'awaiting_approval' | 'applying') => {
      console.runs.put({ ...run, view: { ...run.view, ref, status } });
      await card.getByText(ref).waitFor();
    };
    await cancel.getByText('Cancel…').click();
    await redraw('release/1', 'awaiting_approval');
    expect(await cancel.getAttribute('open')).toBe('');
    await redraw('release/2', 'applying');
    expect(await cancel.getAttribute('open')).toBe('');

    await redraw('release/3', 'awaiting_approval');
    await cancel.getByRole('button', { name: 'Back' }).click();
    await card.getByText('Approve…').click();
    await redraw('release/4', 'applying');
    expect(await card.getByText('Approve…').count()).toBe(0);
    expect(await cancel.getAttribute('open')).toBeNull();
  });
});

describe('the keyboard', () => {
  it('typing, completing, recalling, approving and closing work with the keyboard', async () => {
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    const keys = async (...all: string[]) => {
      for (const key of all) await page.keyboard.press(key);
    };
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('command');
    await page.keyboard.type('dep');
    await page.locator('#choices').getByRole('option').first().waitFor();
    await keys('Tab');
    await page.keyboard.type('w');
    await keys('Tab');
    await page.keyboard.type('prod');
    await keys('ArrowDown', 'Enter');
    expect(await page.inputValue('#command')).toBe('deploy web production');
    await keys('Enter');
    const card = page.locator('.entry.run');
    await card.waitFor();
    await expect.poll(() => page.inputValue('#command'), pollOptions).toBe('');
    await keys('ArrowUp');
    expect(await page.inputValue('#command')).toBe('deploy web production');
    await keys('ArrowDown');
    expect(await page.inputValue('#command')).toBe('');

    await switchUser(page, grace);
    await card.getByText('Approve…').focus();
    const ring = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(ring).toBe('solid');
    await keys('Enter');
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    await expect.poll(focused, pollOptions).toBe('Approve');
    await keys('Escape');
    expect(await focused()).toBe('Approve…');
    expect(await card.locator('details.ask[open]').count()).toBe(0);
    await keys('Enter');
    await expect.poll(focused, pollOptions).toBe('Approve');
    await keys('Enter');
    await expect.poll(() => card.locator('.status').textContent(), pollOptions).toBe('Applying');
  });

  it('the name of a stack is completed like the name of a service', async () => {
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    await page.keyboard.press('/');
    for (const [typed, whole] of [
      ['prov', 'provision '],
      ['adm', 'provision admin-user'],
    ] as const) {
      await page.keyboard.type(typed);
      await page.locator('#choices').getByRole('option').first().waitFor();
      await page.keyboard.press('Tab');
      expect(await page.inputValue('#command')).toBe(whole);
    }
  });

  it('the first tab stop skips the header', async () => {
    const console = await start();
    const page = await visit(`${console.url}/runs`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });
});

describe('drift notifications', () => {
  it('each button of a drift notification starts one provision', async () => {
    const console = await start();
    const post = (key: string) =>
      console.platform.post(
        'console:main',
        driftCard(sampleDriftReport({ kind: 'appeared', summary: dangerousPlan.summary }, { key })),
        { workflowId: key, part: 'drift', deliveryUncertain: false },
      );
    await post('drift-network-1');
    await post('drift-network-2');
    const page = await visit(console.url);
    await live(page);
    const cards = page.locator('.entry.note').filter({ hasText: 'Drift: stack network' });
    expect(await cards.count()).toBe(2);
    for (const index of [0, 1, 1]) {
      await cards.nth(index).getByText('Provision network…').click();
      await cards.nth(index).getByRole('button', { name: 'Provision network', exact: true }).click();
      await expect.poll(() => cards.nth(index).locator('details.ask[open]').count(), pollOptions).toBe(0);
    }
    const asked = console.calls.filter(({ command }) => command === 'provision');
    expect(asked.map(({ args }) => args)).toEqual(['network', 'network', 'network']);
    // The third press names the same run as the second, and so starts none.
    expect(new Set(asked.map(({ idempotencyKey: key }) => key)).size).toBe(2);
  });
});

describe('the scenarios', () => {
  it('the demo suggests scenarios that fill the command line', async () => {
    const console = await start({ scenarios: demoScenarios });
    const page = await visit(console.url);
    await live(page);
    const section = page.locator('#scenarios');
    await section.getByText('7 scenarios').click();
    expect(await section.locator('li').count()).toBe(demoScenarios.length);
    await section.getByText('npm run scenario -- api-failure').waitFor();
    await section.getByRole('button', { name: 'provision admin-user' }).click();
    expect(await page.inputValue('#command')).toBe('provision admin-user');
  });

  it('scenarios are shown on the demo only', async () => {
    const page = await visit((await start()).url);
    expect(await page.locator('#scenarios').count()).toBe(0);
  });
});

const filled = async (): Promise<FakeConsole> => {
  const console = await start();
  fillDemo(console.runs, Date.now());
  for (const { run } of sampleRuns)
    console.runs.put({ ...run, view: { ...run.view, conversation: 'console:main' } });
  await console.platform.stop();
  await console.platform.start();
  return console;
};

const pathsOf = (console: FakeConsole): Promise<readonly string[]> =>
  console.runs
    .list({ limit: 100 })
    .then((runs) => ['/', '/runs', '/nowhere', ...runs.map(({ view }) => `/runs/${view.workflowId}`)]);

describe('the layout', () => {
  it.each([360, 800, 1280])('no page is wider than a screen of %i px', async (width) => {
    const console = await filled();
    const page = await visit(console.url, { viewport: { width, height: 740 } });
    for (const path of await pathsOf(console)) {
      await page.goto(`${console.url}${path}`);
      const wide = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect({ path, wide }).toEqual({ path, wide: 0 });
    }
  });

  it('the link to the details stays on one line on a phone', async () => {
    const console = await start();
    const page = await visit(console.url, { viewport: { width: 320, height: 740 } });
    await typeLine(page, 'deploy web production');
    const link = page.locator('.entry.run footer a');
    await link.waitFor();
    // Even where there is hardly any room.
    const lines = await page.evaluate(`(() => {
      const link = document.querySelector('.entry.run footer a');
      link.style.width = '1rem';
      const range = document.createRange();
      range.selectNodeContents(link.firstChild);
      return range.getClientRects().length;
    })()`);
    expect(lines).toBe(1);
  });

  it.each(['light', 'dark'] as const)('every text has enough contrast in %s mode', async (colorScheme) => {
    const console = await filled();
    const check = await script('contrast');
    const page = await visit(console.url, { colorScheme });
    const backgrounds = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(backgrounds).toBe(colorScheme === 'dark' ? 'rgb(13, 18, 22)' : 'rgb(245, 246, 247)');
    for (const path of await pathsOf(console)) {
      await page.goto(`${console.url}${path}`);
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      expect({ path, poor: await page.evaluate(check) }).toEqual({ path, poor: [] });
    }
  });

  it('every control has a name, and every id is unique', async () => {
    const console = await filled();
    const check = await script('names');
    const page = await visit(console.url);
    for (const path of await pathsOf(console)) {
      await page.goto(`${console.url}${path}`);
      expect({ path, bad: await page.evaluate(check) }).toEqual({ path, bad: [] });
    }
    expect(await page.locator('h1').count()).toBe(1);
  });

  it('animations stop when the reader prefers reduced motion', async () => {
    const console = await filled();
    const moving = 'document.getAnimations().length';
    const still = await visit(console.url, { reducedMotion: 'reduce' });
    expect(await still.evaluate(moving)).toBe(0);
    const turning = await visit(console.url, { reducedMotion: 'no-preference' });
    expect(await turning.evaluate(moving)).toBeGreaterThan(0);
  });

  it('a run page shows the live output of its stages', async () => {
    const console = await start();
    const running = sampleRuns.find(({ name }) => name === 'running')?.run;
    if (!running) throw new Error('there is no such sample');
    console.runs.put(running);
    const page = await visit(`${console.url}/runs/${running.view.workflowId}`);
    await live(page);
    await page.getByText('✓ answers 404').waitFor();
    console.runs.put({
      ...running,
      live: { perform_tests: { done: 12, total: 42, lines: ['✓ answers <b>500</b>'] } },
    });
    await page.getByText('✓ answers <b>500</b>').waitFor();
    expect(await page.locator('.is-running .detail').textContent()).toBe('12 of 42');
  });
});

/** Serves a page of another site. */
const serveHostile = async (html: string): Promise<string> => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
};

describe('a hostile page', () => {
  const fields = (id: string) =>
    `csrf=x&as=${grace}&nonce=aaaaaaaaaaaa&command=approve&args=${id}&conversation=console:main&back=/`;

  const waiting = async () => {
    const console = await start();
    const page = await visit(console.url);
    await live(page);
    await typeLine(page, 'deploy web production');
    await page.locator('.entry.run').waitFor();
    await switchUser(page, grace);
    const [run] = await console.runs.list({ limit: 1 });
    const decided = () => console.calls.filter(({ command }) => command !== 'deploy');
    return { console, page, id: run?.view.workflowId ?? '', decided };
  };

  it('a hostile form cannot submit Approve with the user’s cookies', async () => {
    const { console, page, id, decided } = await waiting();
    const inputs = [...new URLSearchParams(fields(id))].map(
      ([name, value]) => `<input name="${name}" value="${value}">`,
    );
    const evil = await serveHostile(
      `<form method="post" action="${console.url}/console/actions">${inputs.join('')}<button>Win</button></form>`,
    );
    await page.goto(evil);
    await page.getByText('Win').click();
    await page.getByText('Cross-site request blocked').waitFor();
    expect(page.url()).toBe(`${console.url}/console/actions`);
    expect(decided()).toEqual([]);
  });

  it('a hostile page cannot fetch pages, tokens or commands', async () => {
    const { console, page, id, decided } = await waiting();
    const evil = await serveHostile('<p>hello</p>');
    await page.goto(evil);
    const tried = await page.evaluate(`(async () => {
      const url = ${JSON.stringify(console.url)};
      const attempt = (path, options) => fetch(url + path, options).then(
        (answer) => answer.type === 'opaque' ? 'unseen' : 'read ' + answer.status,
        () => 'blocked',
      );
      const body = ${JSON.stringify(fields(id))};
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return [
        await attempt('/console/actions', { method: 'POST', mode: 'no-cors', credentials: 'include', headers, body }),
        await attempt('/console/actions', { method: 'POST', credentials: 'include', headers, body }),
        await attempt('/console/actions', { method: 'POST', credentials: 'include', headers: { ...headers, 'x-csrf-token': 'x' }, body }),
        await attempt('/console/token', { credentials: 'include' }),
        await attempt('/', { credentials: 'include' }),
        await attempt('/api/words', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
        await attempt('/console/switch-user', { method: 'POST', mode: 'no-cors', credentials: 'include', headers, body: 'person=ada@example.com' }),
      ];
    })()`);
    for (const outcome of tried as string[]) expect(outcome).toMatch(/unseen|blocked/);
    expect(decided()).toEqual([]);
    await page.goto(console.url);
    expect(await page.inputValue('#person')).toBe(grace);
  });

  it('a hostile page cannot embed the console in a frame', async () => {
    const { console, page, decided } = await waiting();
    const evil = await serveHostile(`<iframe src="${console.url}/" width="900" height="700"></iframe>`);
    await page.goto(evil);
    await expect
      .poll(() => page.frames().map((frame) => frame.url()), pollOptions)
      .toContainEqual(expect.stringMatching(/^chrome-error:/));
    expect(decided()).toEqual([]);
  });

  it('a hostile host name that resolves to this server is rejected', async () => {
    const console = await start();
    const rebound = await launchBrowser(undefined, [`--host-resolver-rules=MAP evil.example 127.0.0.1`]);
    cleanups.push(() => rebound.close());
    const page = await rebound.newPage();
    const answer = await page.goto(`http://evil.example:${console.port}/`);
    expect(answer?.status()).toBe(421);
    const status = await page.evaluate(
      `fetch('/console/actions', { method: 'POST', body: new URLSearchParams('command=approve') }).then((answer) => answer.status)`,
    );
    expect(status).toBe(421);
    expect(console.calls).toEqual([]);
  });

  it('a link on another site opens a page whose buttons work', async () => {
    const { console, page, id, decided } = await waiting();
    const chat = await serveHostile(`<a href="${console.url}/runs/${id}">the run</a>`);
    await page.goto(chat);
    await page.getByText('the run').click();
    await live(page);
    expect(await page.inputValue('#person')).toBe(grace);
    await page.getByText('Approve…').click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect.poll(() => page.locator('.status').textContent(), pollOptions).toBe('Applying');
    expect(decided()).toHaveLength(1);
  });
});
