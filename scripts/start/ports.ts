import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { findPortHolder } from './port-holder.ts';
import type { StartSettings } from './settings.ts';
import { StartError } from './start-error.ts';

interface Need {
  readonly port: number;
  readonly host: string;
  readonly purpose: string;
  /** What to do instead of stopping whoever holds the port. */
  readonly otherwise: string;
}

const needs = ({ devServer, host, port }: StartSettings): readonly Need[] => [
  ...(devServer
    ? [
        {
          port: devServer.port,
          host: '127.0.0.1',
          purpose: "Quarterdeck's Temporal server",
          otherwise:
            `TEMPORAL_DEV_PORT=${devServer.port + 1} npm start, or use the server that runs there: ` +
            `TEMPORAL_ADDRESS=localhost:${devServer.port} npm start`,
        },
        {
          port: devServer.uiPort,
          host: '127.0.0.1',
          purpose: 'the Temporal UI',
          otherwise: `TEMPORAL_DEV_UI_PORT=${devServer.uiPort + 1} npm start`,
        },
      ]
    : []),
  { port, host, purpose: 'the console', otherwise: `PORT=${port + 1} npm start` },
];

/** Somebody answers there: some systems would let us listen beside them, and nobody would find us. */
export const acceptsConnections = async (port: number, host: string): Promise<boolean> => {
  const socket = connect({ port, host, timeout: 1000 });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // refused, or no answer: nobody is there
  } finally {
    socket.destroy();
  }
};

const listenError = async (port: number, host: string): Promise<string | null> => {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  } finally {
    server.close();
  }
};

const problem = async ({ port, host, purpose, otherwise }: Need): Promise<string | null> => {
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const error = (await acceptsConnections(port, local)) ? 'EADDRINUSE' : await listenError(port, host);
  if (error === null) return null;
  if (error === 'EACCES')
    return `Port ${port}, for ${purpose}, is not ours to open. Choose another: ${otherwise}`;
  if (error !== 'EADDRINUSE') return `${host}:${port}, for ${purpose}, cannot be opened (${error}).`;
  const holder = await findPortHolder(port);
  const by = holder ? `by ${holder.name} (process ${holder.pid})` : 'by another program';
  const stop = holder ? `Stop it (kill ${holder.pid})` : 'Stop it';
  return `Port ${port}, for ${purpose}, is taken ${by}. ${stop}, or choose another: ${otherwise}`;
};

/** Looks at every port that will be needed, and tells of all that are taken. */
export const checkPorts = async (settings: StartSettings): Promise<void> => {
  const wanted = needs(settings);
  const same = wanted.find(({ port }, index) => wanted.findIndex((other) => other.port === port) !== index);
  if (same) throw new StartError(`Port ${same.port} is wanted twice: ${same.purpose} needs one of its own.`);
  const problems = (await Promise.all(wanted.map(problem))).filter((text) => text !== null);
  if (problems.length > 0) throw new StartError(problems.join('\n'));
};
