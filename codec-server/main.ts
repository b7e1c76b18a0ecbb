import '../runtime/assert-node.ts';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { config } from 'dotenv';
import { listen } from '../runtime/listen.ts';
import { createLogger } from '../runtime/logger.ts';
import { listenForShutdown } from '../runtime/shutdown.ts';
import { readOrigins } from './arguments.ts';
import { createCodecApp } from './create-codec-app.ts';
import { readCodecEnv } from './env.ts';

config({ quiet: true });
const logger = createLogger('codec-server');
try {
  const { host, port, token, keys, logLevel } = readCodecEnv(process.env);
  const origins = readOrigins(process.argv.slice(2));
  logger.level = logLevel;
  const shutdown = listenForShutdown(logger);
  const server = createServer(createCodecApp({ keys, token, origins, logger }));
  const address = { host, port, hostFrom: 'CODEC_HOST', portFrom: 'CODEC_PORT' };
  const facts = { host, port: await listen(server, address), origins, keys: [...keys.byId.keys()] };
  logger.info(
    facts,
    token === null
      ? 'listening; authorization: local callers only'
      : 'listening; authorization: bearer token',
  );
  if (!shutdown.aborted) await once(shutdown, 'abort');
  server.close();
  server.closeAllConnections();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
