// `node scripts/screenshots.ts [folder]` draws docs/images/*.png: the console with the runs of a small team.
// The images in the documentation use the fonts Inter and JetBrains Mono (Debian: fonts-inter, fonts-jetbrains-mono).
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

interface Screenshot {
  readonly name: string;
  readonly path: string;
  readonly options: BrowserContextOptions;
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

/** A server has no good system font, so these fonts are used when they are installed. */
const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>system-ui</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family"><string>sans-serif</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
</fontconfig>`;

const openAs = async (page: Page, url: string, person: string): Promise<void> => {
  await page.goto(url);
  if ((await page.inputValue('#person')) === person) return;
  const changed = page.waitForEvent('load');
  await page.selectOption('#person', person);
  await changed;
};

const startDeployment = async (browser: Browser, url: string): Promise<void> => {
  const page = await browser.newPage();
  await openAs(page, url, 'ada@example.com');
  await page.fill('#command', 'deploy web production');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.entry.run');
  await page.close();
};

const takeScreenshot = async (browser: Browser, url: string, screenshot: Screenshot): Promise<void> => {
  const context = await browser.newContext({
    ...screenshot.options,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  // Grace's view shows the approval request of Ada's run.
  await openAs(page, url, 'grace@example.com');
  await page.goto(`${url}${screenshot.path}`);
  await page.waitForSelector('[data-state="on"]');
  await page.screenshot({ path: join(folder, `${screenshot.name}.png`) });
  await context.close();
};

const runs = createFakeRuns();
fillDemo(runs, now);
const run = `/runs/${demoQuestion(now).workflowId}`;
const screenshots: readonly Screenshot[] = [
  { name: 'chat', path: '/', options: desktop },
  { name: 'chat-phone', path: '/', options: phone },
  { name: 'run', path: run, options: desktop },
  { name: 'run-phone', path: run, options: phone },
  { name: 'runs', path: '/runs', options: desktop },
];

await mkdir(folder, { recursive: true });
const configFolder = await mkdtemp(join(tmpdir(), 'quarterdeck-screenshots-'));
await writeFile(join(configFolder, 'fonts.conf'), fonts);
const begin = () => demoQuestion(now);
const shown = await startFakeConsole({ runs, begin });
const browser = await launchBrowser({
  ...(process.env as Record<string, string>),
  FONTCONFIG_FILE: join(configFolder, 'fonts.conf'),
});
try {
  await startDeployment(browser, shown.url);
  for (const screenshot of screenshots) await takeScreenshot(browser, shown.url, screenshot);
} finally {
  await browser.close();
  await shown.stop();
  await rm(configFolder, { recursive: true, force: true });
}
