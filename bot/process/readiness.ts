import type { Client } from '@temporalio/client';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';

/** What keeps the bot from doing its work just now, in words; empty when nothing does. */
export type FindUnreadyReasons = () => Promise<readonly string[]>;

const checkTimeoutMs = 1500;

const within = (asked: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    asked,
    new Promise((_, reject) => {
      setTimeout(reject, checkTimeoutMs, new Error('no answer in time')).unref();
    }),
  ]);

const check = async (name: string, ask: () => Promise<string | null>): Promise<readonly string[]> => {
  try {
    const reason = await within(ask());
    return typeof reason === 'string' ? [`${name}: ${reason}`] : [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
};

export const createReadinessCheck = (
  client: Client,
  store: Store,
  platforms: () => readonly Platform[],
): FindUnreadyReasons => {
  const temporal = async (): Promise<null> => {
    await client.withDeadline(Date.now() + checkTimeoutMs, () => client.workflowService.getSystemInfo({}));
    return null;
  };
  const database = async (): Promise<null> => {
    await store.ping();
    return null;
  };
  return async () => {
    const checks = [
      check('Temporal', temporal),
      check('the store', database),
      ...platforms().map((platform) => check(platform.name, () => platform.unreadyReason())),
    ];
    return (await Promise.all(checks)).flat();
  };
};
