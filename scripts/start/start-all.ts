import { connectClient } from '../../runtime/connect-client.ts';
import { createDemo } from '../demo/create-demo.ts';
import { botSpec, serverSpec, workerSpec } from './processes.ts';
import { probeBot, probeServer, probeWorker, type ReadinessProbe, waitUntilReady } from './ready.ts';
import type { StartSettings } from './settings.ts';
import { StartError } from './start-error.ts';
import { consoleUrl } from './summary.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import type { Supervisor } from './supervisor.ts';

const readyTimeoutMs = 120_000;

/** Waits until a process is ready. Throws as soon as it exits instead. */
const waitForProcess = async (
  supervised: SupervisedProcess,
  probe: ReadinessProbe,
  abortSignal: AbortSignal,
): Promise<void> => {
  const done = new AbortController();
  const exited = supervised.firstExit.then((how) => {
    throw new StartError(`${supervised.name} did not start (${how}). See its log: ${supervised.log.path}`);
  });
  const ready = waitUntilReady(probe, readyTimeoutMs, AbortSignal.any([abortSignal, done.signal]));
  try {
    await Promise.race([ready, exited]);
  } finally {
    done.abort();
    await Promise.allSettled([ready]);
    exited.catch(() => undefined); // a later exit is handled by a restart
  }
};

/** Starts everything and waits until it is ready. */
export const startAll = async (
  settings: StartSettings,
  supervisor: Supervisor,
  abortSignal: AbortSignal,
): Promise<void> => {
  const { devServer, catalog, demo } = settings;
  const client = connectClient(settings.temporal);
  try {
    const [server] = await Promise.all([
      devServer && supervisor.start(serverSpec(settings, devServer)),
      demo ? createDemo(settings.terraform) : null,
    ]);
    if (server && devServer) await waitForProcess(server, probeServer(devServer, client), abortSignal);
    abortSignal.throwIfAborted();
    const startedAt = Date.now();
    const worker = await supervisor.start(workerSpec(settings, catalog));
    const bot = await supervisor.start(botSpec(settings, catalog));
    await Promise.all([
      waitForProcess(worker, probeWorker(client, settings.temporal.queues, startedAt), abortSignal),
      waitForProcess(bot, probeBot(consoleUrl(settings)), abortSignal),
    ]);
  } finally {
    await client.connection.close();
  }
};
