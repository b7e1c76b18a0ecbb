import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server for Terraform's `http` backend. */
export interface StateServer {
  /** For `TF_HTTP_ADDRESS`. Terraform keeps it out of plan files, so a plan can be applied at another address. */
  readonly address: string;
  close(): void;
}

/** Serves one Terraform state, stored in a file. */
export const startStateServer = async (file: string, port = 0): Promise<StateServer> => {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      await writeFile(file, await text(request));
      response.end();
      return;
    }
    const state = await readFile(file, 'utf8').catch(() => null);
    response.writeHead(state === null ? 204 : 200, { 'content-type': 'application/json' }).end(state ?? '');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: chosen } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${chosen}/state`, close: () => server.close() };
};

if (import.meta.main) {
  const [, , file = 'state.json', port = '0'] = process.argv;
  console.log((await startStateServer(file, Number(port))).address);
}
