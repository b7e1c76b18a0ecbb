import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where to listen, and which variables say so. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly hostFrom: string;
  readonly portFrom: string;
}

/** Listens and gives the port. An error says what is in the way and which variable to change. */
export const listen = (server: Server, { host, port, hostFrom, portFrom }: ListenAddress): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `something else listens there already; stop it, or set ${portFrom} to another number`,
        EACCES: `this user may not use that port; set ${portFrom} to a number above 1023`,
        EADDRNOTAVAIL: `this machine does not have that address; set ${hostFrom} to one that it has`,
      };
      reject(
        new Error(`listening on ${host}:${port}: ${why[error.code ?? ''] ?? error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
