import { createArtifactStore } from '../../activities/artifacts/create-artifact-store.ts';
import { createCatalog } from '../../activities/catalog/catalog.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import type { Logger } from '../../runtime/logger.ts';
import { createMetrics } from '../../runtime/metrics.ts';
import { createDeferredReplies } from '../commands/handling/deferred-replies.ts';
import { createDispatch } from '../commands/handling/dispatch.ts';
import { commandSpecs, createCommands } from '../commands/index.ts';
import type { Platform } from '../platform/platform.ts';
import type { PlatformFactory } from '../platform/platform-factory.ts';
import { openStore } from '../store/store.ts';
import { runChatWorker } from './chat-worker.ts';
import type { BotEnv } from './env.ts';
import { createReadinessCheck, startHttp } from './http-server.ts';
import { createRunServices } from './run-services.ts';

export interface BotOptions {
  readonly env: BotEnv;
  /** All environment variables, for the client of the artifact store. */
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly factories: readonly PlatformFactory[];
  readonly logger: Logger;
}

/** A running bot. */
export interface Bot {
  readonly port: number;
  /** Accepts no new requests, finishes the running ones, and closes all connections. */
  stop(): Promise<void>;
}

const retryBudget = { timeoutMs: 60_000, intervalMs: 2000 } as const;

/** Starts the bot, also while Temporal or a chat is unavailable. Rejects for invalid settings. */
export const startBot = async ({ env, processEnv, factories, logger }: BotOptions): Promise<Bot> => {
  const metrics = createMetrics('bot');
  const http = await startHttp({ host: env.host, port: env.port, metrics, logger });
  const store = await openStore(env.database, logger);
  const catalog = createCatalog(env.catalog, { logger, whenInvalid: 'wait' });
  const outline = () => {
    const read = catalog.summary();
    return read.services.length === 0 && catalog.problems().length > 0 ? null : read;
  };
  const artifacts = createArtifactStore(env.artifactsUrl, processEnv, env.temporal.encryption);
  const client = connectClient(env.temporal);
  const stopping = new AbortController();

  const running: Platform[] = [];
  const platforms = (): readonly Platform[] => running;
  const links = { publicUrl: env.publicUrl };
  const { queues } = env.temporal;
  const stacks = () => catalog.summary().stacks;
  const openArtifact = artifacts.open;
  const parts = createRunServices({ client, store, platforms, openArtifact, links, logger, queues, stacks });
  const late = createDeferredReplies(platforms, logger);
  const commands = createCommands({
    client,
    store,
    parts,
    getCatalogSummary: outline,
    links,
    logger,
    queues,
    retryBudget: { ...retryBudget, abortSignal: stopping.signal },
  });
  const dispatch = createDispatch({ commands, deferReply: late.deliver, logger, metrics });

  for (const factory of factories) {
    const platform = factory.create(env.all, {
      app: http.app,
      dispatch,
      runs: parts.runs,
      getCatalogSummary: outline,
      catalogProblems: () => catalog.problems(),
      commands: commandSpecs,
      store: store.keyValues(factory.name),
      logger: logger.child({ platform: factory.name }),
      publicUrl: env.publicUrl,
      host: env.host,
      port: http.port,
      interactive: running.every((platform) => platform.notifyOnly === true),
    });
    if (platform !== null) running.push(platform);
  }
  http.seal();
  http.ready(createReadinessCheck(client, store, platforms));
  await Promise.all(running.map((platform) => platform.start()));
  parts.poller.start();
  const worker = runChatWorker({
    settings: env.temporal,
    activities: {
      notifyUsers: parts.notifyUsers,
      reportDrift: parts.reportDrift,
    },
    logger,
    abortSignal: stopping.signal,
  });
  logger.info({ port: http.port, platforms: running.map(({ name }) => name) }, 'bot running');

  return {
    port: http.port,
    async stop() {
      stopping.abort();
      await Promise.all([...running.map((platform) => platform.stop()), http.close(), worker]);
      await Promise.all([late.settled(), parts.poller.stop()]);
      await parts.settled();
      catalog.close();
      await Promise.all([client.connection.close(), store.close()]);
    },
  };
};
