import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { connectTestClient } from '../../test/temporal.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'quarterdeck-bot-'));
  await writeFile(join(directory, 'quarterdeck.yaml'), 'services: {}\n');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
});

const startBot = (env: Record<string, string>) => {
  const child = spawn(process.execPath, [main], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr.on('data', (bytes) => {
    output += bytes;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, output: () => output, ended };
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const readyz = async (port: number): Promise<{ ready: boolean; reasons: string[] }> =>
  (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as never;
const patiently = { timeout: 40_000, interval: 100 };

describe('the bot as a process', () => {
  test('starts while Temporal is unavailable, reports it, and stops cleanly', async () => {
    const port = await freePort();
    const bot = startBot({ PORT: String(port), TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await vi.waitFor(async () => {
      const { reasons } = await readyz(port);
      expect(reasons.join()).toContain('Temporal:');
      expect(reasons.join()).not.toContain('starting');
    }, patiently);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    bot.child.kill('SIGTERM');
    expect(await bot.ended, bot.output()).toBe(0);
    expect(bot.output()).toContain('bot stopped');
  });

  test('is ready when Temporal answers, and after a restart with the same store', async () => {
    // A separate namespace, because this bot would take the notices of other tests' runs.
    const namespace = `bot-${randomUUID()}`;
    const client = await connectTestClient();
    await client.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await client.connection.close();
    for (const _ of ['first', 'again']) {
      const port = await freePort();
      const bot = startBot({
        PORT: String(port),
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_NAMESPACE: namespace,
      });
      await vi.waitFor(
        async () => expect(await readyz(port)).toEqual({ ready: true, reasons: [] }),
        patiently,
      );
      bot.child.kill('SIGTERM');
      expect(await bot.ended, bot.output()).toBe(0);
    }
  });

  test('reports in one sentence that its port is in use, and changes nothing', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as AddressInfo;
    const bot = startBot({ PORT: String(port) });
    expect(await bot.ended).toBe(1);
    expect(bot.output()).toContain(`listening on 127.0.0.1:${port}: the port is in use`);
    expect(bot.output()).not.toContain('    at ');
    await new Promise((resolve) => blocker.close(resolve));
  });

  test('accepts commands in the console when the only other chat is notify-only', async () => {
    const port = await freePort();
    const webhook = 'ops=https://prod.westus.logic.azure.com/workflows/1?sig=not-to-be-seen';
    const bot = startBot({
      PORT: String(port),
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      TEAMS_WORKFLOWS_WEBHOOKS: webhook,
    });
    await vi.waitFor(async () => {
      const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
      expect(page).toContain('id="composer"');
      expect(page).not.toContain('Newest runs');
    }, patiently);
    bot.child.kill('SIGTERM');
    expect(await bot.ended, bot.output()).toBe(0);
    expect(bot.output()).toContain('"teams-webhook","console"');
    expect(bot.output()).not.toContain('not-to-be-seen');
  });

  test('lists every problem with its settings', async () => {
    const bot = startBot({ PORT: 'many', DATABASE_URL: 'mysql://x' });
    expect(await bot.ended).toBe(1);
    expect(bot.output()).toMatch(/PORT[\s\S]*DATABASE_URL/);
  });
});
