import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

// As much of RFC 6455 as Slack's Socket Mode needs: text frames of less than 64 kB, one at a time.
const frame = (text: string): Buffer => {
  const body = Buffer.from(text);
  const size =
    body.length < 126 ? Buffer.from([body.length]) : Buffer.from([126, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([0x81]), size, body]);
};

const textFrames = function* (data: Buffer): Generator<string> {
  for (let at = 0; at + 6 <= data.length; ) {
    const opcode = (data[at] ?? 0) & 15;
    const short = (data[at + 1] ?? 0) & 127;
    const start = at + (short === 126 ? 4 : 2);
    const size = short === 126 ? data.readUInt16BE(at + 2) : short;
    const mask = data.subarray(start, start + 4);
    const body = data
      .subarray(start + 4, start + 4 + size)
      .map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    if (opcode === 1) yield Buffer.from(body).toString();
    at = start + 4 + size;
  }
};

/** Slack's side of Socket Mode: says hello, sends the given messages, and keeps the answers. */
export const openSocketServer = async () => {
  const received: Record<string, unknown>[] = [];
  let socket: Duplex | null = null;
  let refuse = false;
  let url = '';
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const opened = refuse
      ? { ok: false, error: 'internal_error' }
      : { ok: true, url: url.replace('http', 'ws') };
    const asked = request.url?.endsWith('apps.connections.open');
    response.end(
      JSON.stringify(
        asked
          ? opened
          : { ok: true, team_id: 'T1', user_id: 'U0', user: { ...ada, id: 'U1', team_id: 'T1' } },
      ),
    );
  });
  server.on('upgrade', (request, duplex) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    duplex.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    duplex.write(frame(JSON.stringify({ type: 'hello', num_connections: 1 })));
    duplex.on('data', (data: Buffer) => {
      // A close is answered with a close.
      if (((data[0] ?? 0) & 15) === 8) {
        duplex.end(Buffer.from([0x88, 0]));
        return;
      }
      for (const text of textFrames(data)) received.push(JSON.parse(text));
    });
    duplex.on('error', () => duplex.destroy());
    socket = duplex;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${url}/api/`,
    received,
    refuseConnections: (value: boolean) => {
      refuse = value;
    },
    send: (message: object) => socket?.write(frame(JSON.stringify(message))),
    close: () =>
      new Promise<void>((resolve) => {
        socket?.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const ada = { name: 'ada', profile: { email: 'ada@example.com', real_name: 'Ada' } };
