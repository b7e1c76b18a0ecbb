// `node scripts/screenshots.ts [folder]` draws docs/images/*.png: the console with a day's work of a small team in it.
// The README's are drawn with the fonts Inter and JetBrains Mono (Debian: fonts-inter, fonts-jetbrains-mono).
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { demoQuestion } from '../bot/console/testing/demo-runs.ts';
import { fillDemo } from '../bot/console/testing/demo-world.ts';
import { startFakeConsole } from '../bot/console/testing/fake-console.ts';
import { createFakeRuns } from '../bot/console/testing/fake-runs.ts';
import { launchBrowser } from '../bot/testing/browser.ts';

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly look: BrowserContextOptions;
}

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url));
const now = Date.now();
const desktop = { viewport: { width: 1240, height: 960 }, colorScheme: 'light' } as const;
const phone = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  isMobile: true,
  hasTouch: true,
} as const;

/** A machine without a desktop has no system font worth showing; these are asked for when they are there. */
const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>system-ui</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family"><string>sans-serif</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
</fontconfig>`;

const look = async (page: Page, url: string, person: string): Promise<void> => {
  await page.goto(url);
  if ((await page.inputValue('#person')) === person) return;
  const changed = page.waitForEvent('load');
  await page.selectOption('#person', person);
  await changed;
};

const ask = async (browser: Browser, url: string): Promise<void> => {
  const page = await browser.newPage();
  await look(page, url, 'ada@example.com');
  await page.fill('#words', 'deploy web production');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.entry.run');
  await page.close();
};

const draw = async (browser: Browser, url: string, picture: Picture): Promise<void> => {
  const context = await browser.newContext({
    ...picture.look,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  // Grace looks: what Ada asked for waits for her.
  await look(page, url, 'grace@example.com');
  await page.goto(`${url}${picture.path}`);
  await page.waitForSelector('[data-state="on"]');
  await page.screenshot({ path: join(folder, `${picture.name}.png`) });
  await context.close();
};

const runs = createFakeRuns();
fillDemo(runs, now);
const run = `/runs/${demoQuestion(now).workflowId}`;
const pictures: readonly Picture[] = [
  { name: 'chat', path: '/', look: desktop },
  { name: 'chat-phone', path: '/', look: phone },
  { name: 'run', path: run, look: desktop },
  { name: 'run-phone', path: run, look: phone },
  { name: 'runs', path: '/runs', look: desktop },
];

await mkdir(folder, { recursive: true });
const own = await mkdtemp(join(tmpdir(), 'quarterdeck-pictures-'));
await writeFile(join(own, 'fonts.conf'), fonts);
const begin = () => demoQuestion(now);
const shown = await startFakeConsole({ runs, begin });
const browser = await launchBrowser({
  ...(process.env as Record<string, string>),
  FONTCONFIG_FILE: join(own, 'fonts.conf'),
});
try {
  await ask(browser, shown.url);
  for (const picture of pictures) await draw(browser, shown.url, picture);
} finally {
  await browser.close();
  await shown.stop();
  await rm(own, { recursive: true, force: true });
}
