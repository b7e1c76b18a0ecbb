import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A response_url: keeps what is sent to it. */
export const openSink = async () => {
  const received: { response_type?: string; text?: string; replace_original?: boolean; blocks?: unknown }[] =
    [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (status === 200) received.push(JSON.parse(body));
    response.writeHead(status).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/actions/T1/1/x`,
    received,
    answerWith: (next: number) => {
      status = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
