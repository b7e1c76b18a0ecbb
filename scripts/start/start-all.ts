import { connectClient } from '../../runtime/connect-client.ts';
import { makeDemo } from '../demo/make-demo.ts';
import { CannotStart } from './cannot-start.ts';
import type { Keeper } from './keeper.ts';
import { botSpec, serverSpec, workerSpec } from './processes.ts';
import { botUnready, serverUnready, type Unready, untilReady, workerUnready } from './ready.ts';
import type { StartSettings } from './settings.ts';
import { consoleUrl } from './summary.ts';
import type { Supervisor } from './supervisor.ts';

const readyWithinMs = 120_000;

/** Waits for a process, and gives up at once when it ends instead of becoming ready. */
const becomesReady = async (keeper: Keeper, unready: Unready, abortSignal: AbortSignal): Promise<void> => {
  const done = new AbortController();
  const fell = keeper.firstFall.then((how) => {
    throw new CannotStart(`${keeper.name} did not start (${how}). Its whole log: ${keeper.log.path}`);
  });
  const ready = untilReady(unready, readyWithinMs, AbortSignal.any([abortSignal, done.signal]));
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
      demo ? makeDemo(settings.terraform) : null,
    ]);
    if (server && devServer) await becomesReady(server, serverUnready(devServer, client), abortSignal);
    abortSignal.throwIfAborted();
    const startedAt = Date.now();
    const worker = await supervisor.start(workerSpec(settings, catalog));
    const bot = await supervisor.start(botSpec(settings, catalog));
    await Promise.all([
      becomesReady(worker, workerUnready(client, settings.temporal.queues, startedAt), abortSignal),
      becomesReady(bot, botUnready(consoleUrl(settings)), abortSignal),
    ]);
  } finally {
    await client.connection.close();
  }
};
