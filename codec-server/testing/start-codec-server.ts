import { createServer } from 'node:http';
import { listen } from '../../runtime/listen.ts';
import { createLogger } from '../../runtime/logger.ts';
import { type CodecAppOptions, createCodecApp } from '../create-codec-app.ts';

/** The codec server on a port that is free; `stop()` ends it. */
export const startCodecServer = async (options: Omit<CodecAppOptions, 'logger'>) => {
  const server = createServer(createCodecApp({ ...options, logger: createLogger('test', 'silent') }));
  const place = { host: '127.0.0.1', port: 0, hostFrom: 'CODEC_HOST', portFrom: 'CODEC_PORT' };
  const port = await listen(server, place);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
