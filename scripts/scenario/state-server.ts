import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A server for Terraform's states over HTTP, in memory, that can be told to fail. */
export const startStateServer = async () => {
  const states = new Map<string, Buffer>();
  let asked = 0;
  let refused = 0;
  let failing = { after: 0, times: 0 };
  const isOutOfOrder = (): boolean => {
    asked += 1;
    return asked > failing.after && asked <= failing.after + failing.times;
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    void (async () => {
      const body = await buffer(request);
      if (isOutOfOrder()) {
        refused += 1;
        response.writeHead(503).end('out of order');
      } else if (request.method === 'POST') {
        states.set(path, body);
        response.writeHead(200).end();
      } else response.writeHead(states.has(path) ? 200 : 404).end(states.get(path));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Be out of order for so many requests, after so many from now on that are answered. */
    fail: (after: number, times: number): void => {
      asked = 0;
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
