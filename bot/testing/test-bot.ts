import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { CatalogSummary } from '../../activities/catalog/catalog-summary.ts';
import { createDataConverter } from '../../encryption/data-converter.ts';
import { noKeys } from '../../encryption/keys.ts';
import { connectClient } from '../../runtime/connect-client.ts';
import { readTemporalSettings } from '../../runtime/temporal-settings.ts';
import { linus } from '../../workflows/testing/samples.ts';
import { createTestWorld } from '../../workflows/testing/test-world.ts';
import { createDeferredReplies } from '../commands/handling/deferred-replies.ts';
import { createDispatch } from '../commands/handling/dispatch.ts';
import { createCommands } from '../commands/index.ts';
import { type CommandRequest, defaultReplyTimeoutMs, type Invocation } from '../platform/platform.ts';
import { createRunServices } from '../process/run-services.ts';
import { createFakePlatform } from './fake-platform.ts';
import { openTestStore, silentLogger } from './test-store.ts';

const environments = [
  { name: 'production', approval: null },
  { name: 'preview', approval: null },
];

/** The bot in front of the real workflows, with a pretended chat and pretended activities. */
export const createTestBot = async (address: string, encryption = noKeys) => {
  const taskQueue = `bot-${randomUUID()}`;
  // The notices go to the bot's own worker, so the world's pretended chat gets none.
  const world = await createTestWorld({ address, encryption, taskQueue, chatQueue: `${taskQueue}-nobody` });
  const store = await openTestStore();
  const chat = createFakePlatform('fake');
  const other = createFakePlatform('other');
  const settings = { ...readTemporalSettings({ TEMPORAL_ADDRESS: address }), encryption };
  const client = connectClient(settings);
  const services: string[] = [];
  const stacks: string[] = [];
  const outline = (): CatalogSummary => ({
    services: services.map((name) => ({ name, environments })),
    stacks,
    people: [],
  });
  const stopping = new AbortController();
  const platforms = () => [chat.platform, other.platform];

  const createBot = (through: Client, patienceMs = 20_000) => {
    const parts = createRunServices({
      client: through,
      store,
      platforms,
      openArtifact: () => Promise.resolve(Readable.from([Buffer.from('the plan')])),
      links: { publicUrl: null },
      logger: silentLogger,
      queues: { deploy: taskQueue, provision: taskQueue },
      stacks: () => stacks,
      tickMs: 50,
    });
    const late = createDeferredReplies(platforms, silentLogger);
    const commands = createCommands({
      client: through,
      store,
      parts,
      getCatalogSummary: outline,
      links: { publicUrl: null },
      logger: silentLogger,
      retryBudget: { timeoutMs: patienceMs, intervalMs: 300, abortSignal: stopping.signal },
      queues: { deploy: taskQueue, provision: taskQueue },
    });
    return {
      parts,
      late,
      dispatch: createDispatch({ commands, deferReply: late.deliver, logger: silentLogger }),
    };
  };

  const connection = await NativeConnection.connect({ address });
  /** A bot with its worker; returns the way to stop both. */
  const run = async (one: ReturnType<typeof createBot>): Promise<() => Promise<void>> => {
    const { notifyUsers, poller, settled } = one.parts;
    const worker = await Worker.create({
      connection,
      dataConverter: createDataConverter(encryption),
      taskQueue: `${taskQueue}-chat`,
      activities: { notify_users: notifyUsers },
    });
    const working = worker.run();
    return async () => {
      worker.shutdown();
      await Promise.all([working, one.late.settled(), poller.stop()]);
      await settled();
    };
  };
  const bot = createBot(client);
  let stop: (() => Promise<void>) | null = await run(bot);

  return {
    ...bot,
    world,
    store,
    chat,
    other,
    client,
    createBot,
    /** Stops polling and notifications until `startBot`. */
    stopBot: async () => {
      await stop?.();
      stop = null;
    },
    /** Another bot, which knows what the store and Temporal know. */
    startBot: async () => {
      const next = createBot(client);
      stop = await run(next);
      next.parts.poller.start();
      return next;
    },
    /** A separate service for a test, known to the catalog. */
    service: (script: Parameters<typeof world.service>[0] = {}): string => {
      const service = world.service(script);
      services.push(service);
      return service;
    },
    /** A separate stack for a test, known to the catalog. */
    stack: (script: Parameters<typeof world.service>[0] = {}): string => {
      const stack = world.service(script);
      stacks.push(stack);
      return stack;
    },
    call: (
      command: string,
      args: string,
      { actor = linus, ...rest }: Partial<Invocation> = {},
    ): CommandRequest => ({
      idempotencyKey: randomUUID(),
      command,
      args,
      conversation: 'fake:room',
      deadline: Date.now() + defaultReplyTimeoutMs,
      resolveActor: async () => actor,
      ...rest,
    }),
    close: async () => {
      stopping.abort();
      await stop?.();
      await connection.close();
      await world.close();
      await client.connection.close();
      await store.close();
    },
  };
};

export type TestBot = Awaited<ReturnType<typeof createTestBot>>;
