import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { createSignedRequests, type SignedRequests } from '../bot/slack/testing/signed-requests.ts';
import { connectClient } from '../runtime/connect-client.ts';
import { type ChildSpec, startChild } from '../scripts/start/child.ts';
import { createLogFile } from '../scripts/start/log-file.ts';
import { botSpec, serverSpec, workerSpec } from '../scripts/start/processes.ts';
import {
  probeBot,
  probeServer,
  probeWorker,
  type ReadinessProbe,
  waitUntilReady,
} from '../scripts/start/ready.ts';
import { readSettings } from '../scripts/start/settings.ts';
import { freePorts } from './free-ports.ts';
import { botToken, openSlackWorkspace, type SlackWorkspace, signingSecret } from './slack-workspace.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const readyWithinMs = 120_000;

interface Setup {
  /** Creates what is deployed, in an empty folder. Returns the catalog's path and additional variables. */
  readonly prepare: (folder: string) => Promise<{ readonly catalog: string; readonly terraform?: string }>;
  readonly worker: boolean;
  /** Settings in addition to the defaults, such as those of another chat than Slack. */
  readonly more?: Readonly<Record<string, string>>;
}

/** The product as `npm start` runs it, in a separate folder, with an emulated Slack as its chat. */
export interface BenchStack {
  readonly folder: string;
  readonly client: Client;
  /** host:port of the Temporal server. */
  readonly address: string;
  /** Sends requests to the bot as Slack does. */
  readonly slack: SignedRequests;
  readonly workspace: SlackWorkspace;
  /** The bot's address. */
  readonly botUrl: string;
  /** Starts one more process that ends with the stack. */
  start(spec: Pick<ChildSpec, 'name' | 'file' | 'args'>, unready: ReadinessProbe): Promise<void>;
  /** Current resident memory, in MB. */
  memory(process: 'bot' | 'worker'): Promise<number>;
}

const residentMegabytes = async (url: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, bytes] = /^process_resident_memory_bytes\S* (\S+)/m.exec(text) ?? [];
  if (bytes === undefined) throw new Error(`${url}/metrics has no memory metric`);
  return Number(bytes) / 1e6;
};

/** Starts everything, measures, and stops everything. */
export const withBenchStack = async <Result>(
  { prepare, worker, more }: Setup,
  measure: (stack: BenchStack) => Promise<Result>,
): Promise<Result> => {
  await using closing = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, '.quarterdeck'));
  const { catalog, terraform } = await prepare(folder);
  const workspace = await openSlackWorkspace();
  closing.defer(() => workspace.close());

  const [port, uiPort, botPort, healthPort] = await freePorts(4);
  const { PATH, HOME } = process.env;
  const settings = readSettings(root, {
    PATH,
    HOME,
    TEMPORAL_CLI: process.env.TEMPORAL_CLI,
    TEMPORAL_DEV_PORT: String(port),
    TEMPORAL_DEV_UI_PORT: String(uiPort),
    PORT: String(botPort),
    QUARTERDECK_CATALOG: catalog,
    WORKER_HEALTH_PORT: String(healthPort),
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: workspace.apiUrl,
    ...more,
    ...(terraform && { TERRAFORM_BIN: terraform }),
  });
  const { devServer } = settings;
  if (!devServer) throw new Error('the benchmarks start a Temporal server; unset TEMPORAL_ADDRESS');
  const client = connectClient(settings.temporal);
  closing.defer(() => client.connection.close());

  const run = async (spec: ChildSpec, unready: ReadinessProbe): Promise<void> => {
    const log = createLogFile(join(folder, `${spec.name}.log`));
    const child = await startChild({ ...spec, cwd: folder }, log);
    closing.defer(() => child.forceStop());
    const fell = child.exited.then((how) => {
      throw new Error(`${spec.name} exited (${how}):\n${log.newLines().slice(-20).join('\n')}`);
    });
    fell.catch(() => undefined); // at the end of the benchmark it is to end
    await Promise.race([fell, waitUntilReady(unready, readyWithinMs, AbortSignal.timeout(readyWithinMs))]);
  };
  const botUrl = `http://127.0.0.1:${botPort}`;
  await run(serverSpec({ ...settings, root: folder }, devServer), probeServer(devServer, client));
  // Wait for both, so that no request uses a closed connection.
  const started = await Promise.allSettled([
    worker && run(workerSpec(settings, catalog), probeWorker(client, settings.temporal.queues, Date.now())),
    run(botSpec(settings, catalog), probeBot(botUrl)),
  ]);
  for (const process of started) if (process.status === 'rejected') throw process.reason;
  return await measure({
    folder,
    client,
    address: settings.temporal.address,
    slack: createSignedRequests(`${botUrl}/slack/events`, signingSecret),
    workspace,
    botUrl,
    start: (spec, unready) =>
      run({ ...spec, cwd: folder, env: { PATH, HOME, ...more }, graceMs: 1000 }, unready),
    memory: (process) => residentMegabytes(process === 'bot' ? botUrl : `http://127.0.0.1:${healthPort}`),
  });
};
