import { type Browser, chromium } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Debian's Chromium without network access. */
export const launchBrowser = (
  env?: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...args, ...more],
    ...(env === undefined ? {} : { env }),
  });
