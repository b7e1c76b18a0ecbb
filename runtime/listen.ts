import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The address to listen on, and the variables that set it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly hostFrom: string;
  readonly portFrom: string;
}

/** Starts the server and returns its port. Errors name the cause and the variable to change. */
export const listen = (server: Server, { host, port, hostFrom, portFrom }: ListenAddress): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `the port is in use; stop the other process, or set ${portFrom} to another port`,
        EACCES: `this user has no permission for that port; set ${portFrom} to a port above 1023`,
        EADDRNOTAVAIL: `this machine does not have that address; set ${hostFrom} to one of its addresses`,
      };
      reject(
        new Error(`listening on ${host}:${port}: ${reasons[error.code ?? ''] ?? error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
