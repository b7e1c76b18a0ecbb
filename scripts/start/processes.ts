import { join } from 'node:path';
import { devServerSettings, searchAttributeArguments } from '../tools/dev-server-arguments.mjs';
import type { ChildSpec } from './child.ts';
import type { DevServer, StartSettings } from './settings.ts';

/** A running stage gets this long to finish; the rest of the grace period is for a clean exit. */
const stageGrace = '20s';
const workerGraceMs = 60_000;
const botGraceMs = 20_000;
const serverGraceMs = 15_000;

export const serverSpec = (settings: StartSettings, { cli, port, uiPort }: DevServer): ChildSpec => ({
  name: 'temporal',
  file: cli,
  args: [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
    ...['--namespace', settings.temporal.namespace],
    ...['--db-filename', join(settings.root, '.quarterdeck', 'temporal.db')],
    // Each step of a workflow is a write; without a write-ahead log it costs four times as long.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...['--log-format', 'json', '--log-level', 'warn'],
    ...devServerSettings,
    ...searchAttributeArguments,
  ],
  cwd: settings.root,
  env: { PATH: settings.env.PATH, HOME: settings.env.HOME },
  graceMs: serverGraceMs,
});

/** In MB. By default the young generation grows to 67 MB, twice, in every thread, and shrinks late. */
const semiSpaceOption = '--max-semi-space-size=8';

/** The worker and the bot get this environment, plus the defaults that were chosen here. */
const nodeSpec = (settings: StartSettings, name: string, catalog: string, graceMs: number): ChildSpec => ({
  name,
  file: process.execPath,
  args: [semiSpaceOption, join(settings.root, name, 'main.ts')],
  cwd: settings.root,
  env: {
    ...settings.env,
    // Otherwise the C library keeps a heap for each thread and rarely frees it.
    MALLOC_ARENA_MAX: settings.env.MALLOC_ARENA_MAX || '2',
    QUARTERDECK_CATALOG: catalog,
    WORKER_SHUTDOWN_GRACE: settings.env.WORKER_SHUTDOWN_GRACE || stageGrace,
    ...(settings.demo && { QUARTERDECK_DEMO: 'true' }),
    ...(settings.devServer && {
      TEMPORAL_ADDRESS: settings.temporal.address,
      TEMPORAL_UI_URL: settings.env.TEMPORAL_UI_URL || `http://localhost:${settings.devServer.uiPort}`,
    }),
  },
  graceMs,
});

export const workerSpec = (settings: StartSettings, catalog: string): ChildSpec =>
  nodeSpec(settings, 'worker', catalog, workerGraceMs);

export const botSpec = (settings: StartSettings, catalog: string): ChildSpec =>
  nodeSpec(settings, 'bot', catalog, botGraceMs);
