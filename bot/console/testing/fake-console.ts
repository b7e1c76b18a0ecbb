import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import type { CatalogSummary } from '../../../activities/catalog/catalog-summary.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import { runCard } from '../../cards/run-card.ts';
import type { CommandSpec } from '../../commands/spec.ts';
import type { Platform } from '../../platform/platform.ts';
import type { DemoScenario } from '../chat/demo-scenarios.ts';
import { createConsole } from '../create-console.ts';
import { type Begin, createFakeDispatch, type FakeDispatch } from './fake-dispatch.ts';
import { createFakeRuns, type FakeRuns } from './fake-runs.ts';

const rule = {
  required: 1,
  approvers: ['ada@example.com', 'grace@example.com'],
  selfApproval: false,
  timeoutMs: 600_000,
} as const;

const fakeOutline: CatalogSummary = {
  services: [
    {
      name: 'web',
      environments: [
        { name: 'preview', approval: null },
        { name: 'production', approval: rule },
      ],
    },
    { name: 'worker', environments: [{ name: 'production', approval: rule }] },
  ],
  stacks: ['network', 'admin-user'],
  people: ['ada@example.com', 'grace@example.com', 'linus@example.com'],
};

const fakeCommands: readonly CommandSpec[] = [
  {
    name: 'deploy',
    usage: '<service> [environment] [--ref <branch or commit>]',
    description: 'start a deployment',
    example: 'web production',
  },
  {
    name: 'status',
    usage: '[<id> | <service>]',
    description: 'one run, or what is going on',
    example: 'web',
  },
  { name: 'deny', usage: '<id> <reason>', description: 'refuse a plan', example: '3f2a91 too late today' },
  {
    name: 'provision',
    usage: '<stack> [--destroy]',
    description: 'plan a stack and apply it',
    example: 'network',
  },
  { name: 'help', usage: '', description: 'what you can type', example: '' },
];

export interface FakeConsoleOptions {
  readonly interactive?: boolean;
  readonly publicUrl?: string;
  readonly host?: string;
  readonly runs?: FakeRuns;
  readonly memory?: Map<string, unknown>;
  readonly begin?: Begin;
  readonly scenarios?: readonly DemoScenario[];
  readonly catalogProblems?: () => readonly string[];
}

/** A console on its own port, with fake runs and a fake dispatch. */
export interface FakeConsole {
  readonly url: string;
  readonly port: number;
  readonly platform: Platform;
  readonly runs: FakeRuns;
  readonly calls: FakeDispatch['calls'];
  readonly token: () => Promise<string>;
  readonly tokenFile: string;
  stop(): Promise<void>;
}

export const startFakeConsole = async (options: FakeConsoleOptions = {}): Promise<FakeConsole> => {
  const app = express();
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-console-'));
  const tokenFile = join(folder, 'inner', 'cli-token');
  const runs = options.runs ?? createFakeRuns();
  const memory = options.memory ?? new Map<string, unknown>();
  const postCard = (view: RunView) =>
    platform.post(
      view.conversation ?? '',
      runCard({ view, live: {}, externalEnd: null }, { publicUrl: null }),
      { workflowId: view.workflowId, part: 'card', deliveryUncertain: false },
    );
  const { dispatch, calls } = createFakeDispatch(runs, postCard, options.begin);
  const platform = createConsole({
    app,
    dispatch,
    runs,
    getCatalogSummary: () => fakeOutline,
    catalogProblems: options.catalogProblems ?? (() => []),
    commands: fakeCommands,
    store: {
      get: async (key) => memory.get(key) ?? null,
      set: async (key, value) => {
        memory.set(key, value);
      },
      delete: async (key) => {
        memory.delete(key);
      },
    },
    logger: pino({ level: 'silent' }),
    publicUrl: options.publicUrl ?? null,
    host: options.host ?? '127.0.0.1',
    port,
    interactive: options.interactive ?? true,
    temporalUi: { url: 'http://localhost:8233', namespace: 'default' },
    scenarios: options.scenarios ?? [],
    cliTokenFile: tokenFile,
  });
  await platform.start();
  return {
    url: `http://localhost:${port}`,
    port,
    platform,
    runs,
    calls,
    tokenFile,
    token: async () => (await readFile(tokenFile, 'utf8')).trim(),
    async stop() {
      await platform.stop();
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
