import { once } from 'node:events';
import { type AddressInfo, createConnection } from 'node:net';
import { createServer } from 'node:tls';
import type { MadeCertificate } from './make-certificate.ts';

interface GuardOptions {
  /** The proxy's certificate. */
  readonly server: MadeCertificate;
  /** The CA of accepted client certificates. */
  readonly authority: MadeCertificate;
  /** host:port of the server behind the proxy, which does not use TLS. */
  readonly behind: string;
}

/** A TLS proxy in front of a server that requires a client certificate; `close()` stops it. */
export const guardServer = async ({ server, authority, behind }: GuardOptions) => {
  const [host = '', port = ''] = behind.split(':');
  const options = { ...server, ca: [authority.cert], requestCert: true, rejectUnauthorized: true };
  const listener = createServer({ ...options, ALPNProtocols: ['h2'] }, (socket) => {
    const through = createConnection(Number(port), host);
    socket.pipe(through).pipe(socket);
    for (const end of [socket, through]) end.on('error', () => socket.destroy());
    socket.once('close', () => through.destroy());
    through.once('close', () => socket.destroy());
  });
  listener.listen(0, 'localhost');
  await once(listener, 'listening');
  return {
    address: `localhost:${(listener.address() as AddressInfo).port}`,
    close: () => void listener.close(),
  };
};
