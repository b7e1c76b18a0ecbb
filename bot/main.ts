import '../runtime/assert-node.ts';
import { config } from 'dotenv';
import { installRuntime } from '../runtime/install-runtime.ts';
import { createLogger } from '../runtime/logger.ts';
import { listenForShutdown } from '../runtime/shutdown.ts';
import { platformFactories } from './platforms.ts';
import { readBotEnv } from './process/env.ts';
import { startBot } from './process/start-bot.ts';

config({ quiet: true });

try {
  const env = readBotEnv(process.env, platformFactories);
  const logger = createLogger('bot', env.logLevel);
  installRuntime(logger);
  const shutdown = listenForShutdown(logger);
  const bot = await startBot({ env, processEnv: process.env, factories: platformFactories, logger });
  await new Promise((resolve) => {
    if (shutdown.aborted) resolve(null);
    else shutdown.addEventListener('abort', resolve, { once: true });
  });
  await bot.stop();
  logger.info('bot stopped');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
