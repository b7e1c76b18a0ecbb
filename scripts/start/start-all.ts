import { connectClient } from '../../runtime/connect-client.ts';
import { createDemo } from '../demo/create-demo.ts';
import { botSpec, serverSpec, workerSpec } from './processes.ts';
import { probeBot, probeServer, probeWorker, type ReadinessProbe, waitUntilReady } from './ready.ts';
import type { StartSettings } from './settings.ts';
import { StartError } from './start-error.ts';
import { consoleUrl } from './summary.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import type { Supervisor } from './supervisor.ts';

const readyWithinMs = 120_000;

/** Waits for a process, and gives up at once when it ends instead of becoming ready. */
const becomesReady = async (
  keeper: SupervisedProcess,
  unready: ReadinessProbe,
  abortSignal: AbortSignal,
): Promise<void> => {
  const done = new AbortController();
  const fell = keeper.firstFall.then((how) => {
    throw new StartError(`${keeper.name} did not start (${how}). Its whole log: ${keeper.log.path}`);
  });
  const ready = waitUntilReady(unready, readyWithinMs, AbortSignal.any([abortSignal, done.signal]));
  try {
    await Promise.race([ready, fell]);
  } finally {
    done.abort();
    await Promise.allSettled([ready]);
    fell.catch(() => undefined); // it may fall later; then it is started again
  }
};

/** Starts everything and waits until it can be used. */
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
    if (server && devServer) await becomesReady(server, probeServer(devServer, client), abortSignal);
    abortSignal.throwIfAborted();
    const startedAt = Date.now();
    const worker = await supervisor.start(workerSpec(settings, catalog));
    const bot = await supervisor.start(botSpec(settings, catalog));
    await Promise.all([
      becomesReady(worker, probeWorker(client, settings.temporal.queues, startedAt), abortSignal),
      becomesReady(bot, probeBot(consoleUrl(settings)), abortSignal),
    ]);
  } finally {
    await client.connection.close();
  }
};
