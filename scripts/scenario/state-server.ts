import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An HTTP server for Terraform states, in memory, that can fail on purpose. */
export const startStateServer = async () => {
  const states = new Map<string, Buffer>();
  let requests = 0;
  let refused = 0;
  let failing = { after: 0, times: 0 };
  const shouldFail = (): boolean => {
    requests += 1;
    return requests > failing.after && requests <= failing.after + failing.times;
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    void (async () => {
      const body = await buffer(request);
      if (shouldFail()) {
        refused += 1;
        response.writeHead(503).end('unavailable');
      } else if (request.method === 'POST') {
        states.set(path, body);
        response.writeHead(200).end();
      } else response.writeHead(states.has(path) ? 200 : 404).end(states.get(path));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Answers `after` requests, then fails `times` requests. */
    fail: (after: number, times: number): void => {
      requests = 0;
      failing = { after, times };
    },
    refused: () => refused,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

export type StateServer = Awaited<ReturnType<typeof startStateServer>>;
