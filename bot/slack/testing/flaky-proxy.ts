import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The outcome of a request to the Web API. */
type Fault =
  | 'pass'
  /** Slack takes it, and the answer is lost. */
  | 'lose-answer'
  | 'reset'
  | 'hang'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: object };

export interface FlakyProxy {
  readonly url: string;
  /** Methods in the order in which they were called. */
  readonly calls: string[];
  /** What was sent to the emulated Slack, and what it answered. */
  readonly answered: { readonly method: string; readonly sent: string; readonly answer: string }[];
  /** The next faults of a method; `pass` when none is left. `*` is every method, until it is set again. */
  faults: Map<string, Fault[]>;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await request.toArray());

/** Stands between the bot and an emulated Slack and injects the requested faults. */
export const openFlakyProxy = async (target: string): Promise<FlakyProxy> => {
  const faults = new Map<string, Fault[]>();
  const calls: string[] = [];
  const answered: FlakyProxy['answered'] = [];
  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').replace(/^\/api\//, '');
    calls.push(method);
    const fault = faults.get('*')?.[0] ?? faults.get(method)?.shift() ?? 'pass';
    if (fault === 'reset') return request.socket.destroy();
    if (fault === 'hang') return;
    if (typeof fault === 'object') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify(fault.body ?? {}));
      return;
    }
    const body = await bodyOf(request);
    const headers = new Headers();
    for (const name of ['content-type', 'authorization']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const answer = await fetch(`${target}${request.url}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    answered.push({
      method,
      sent: decodeURIComponent(body.toString().replaceAll('+', ' ')),
      answer: content.toString(),
    });
    if (fault === 'lose-answer') return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answered,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
