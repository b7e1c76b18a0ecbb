import { once } from 'node:events';
import { type AddressInfo, createConnection } from 'node:net';
import { createServer } from 'node:tls';
import type { MadeCertificate } from './make-certificate.ts';

interface Door {
  /** What the door shows. */
  readonly server: MadeCertificate;
  /** Whose certificates it lets in. */
  readonly authority: MadeCertificate;
  /** host:port of the server behind it, which speaks no TLS. */
  readonly behind: string;
}

/** A door with TLS before a server, which asks everybody for a certificate; `close()` ends it. */
export const guardServer = async ({ server, authority, behind }: Door) => {
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
