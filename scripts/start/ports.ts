import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { findPortHolder } from './port-holder.ts';
import type { StartSettings } from './settings.ts';
import { StartError } from './start-error.ts';

/** A port that a process opens, and its purpose for error messages. */
interface RequiredPort {
  readonly port: number;
  readonly host: string;
  readonly purpose: string;
  /** A command that avoids this port. */
  readonly alternative: string;
}

const getRequiredPorts = ({ devServer, host, port }: StartSettings): readonly RequiredPort[] => [
  ...(devServer
    ? [
        {
          port: devServer.port,
          host: '127.0.0.1',
          purpose: "Quarterdeck's Temporal server",
          alternative:
            `TEMPORAL_DEV_PORT=${devServer.port + 1} npm start, or use the server that runs there: ` +
            `TEMPORAL_ADDRESS=localhost:${devServer.port} npm start`,
        },
        {
          port: devServer.uiPort,
          host: '127.0.0.1',
          purpose: 'the Temporal UI',
          alternative: `TEMPORAL_DEV_UI_PORT=${devServer.uiPort + 1} npm start`,
        },
      ]
    : []),
  { port, host, purpose: 'the console', alternative: `PORT=${port + 1} npm start` },
];

/** Some systems let two programs listen on one port, so connecting is the only sure test. */
export const acceptsConnections = async (port: number, host: string): Promise<boolean> => {
  const socket = connect({ port, host, timeout: 1000 });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // refused, or no answer: the port is free
  } finally {
    socket.destroy();
  }
};

const getListenError = async (port: number, host: string): Promise<string | null> => {
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

const findProblem = async ({ port, host, purpose, alternative }: RequiredPort): Promise<string | null> => {
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const error = (await acceptsConnections(port, local)) ? 'EADDRINUSE' : await getListenError(port, host);
  if (error === null) return null;
  if (error === 'EACCES')
    return `Port ${port}, for ${purpose}, requires privileges to open. Choose another: ${alternative}`;
  if (error !== 'EADDRINUSE') return `${host}:${port}, for ${purpose}, cannot be opened (${error}).`;
  const holder = await findPortHolder(port);
  const by = holder ? `by ${holder.name} (process ${holder.pid})` : 'by another program';
  const stop = holder ? `Stop it (kill ${holder.pid})` : 'Stop it';
  return `Port ${port}, for ${purpose}, is in use ${by}. ${stop}, or choose another port: ${alternative}`;
};

/** Checks every port before anything starts. Throws one error that lists all that are taken. */
export const checkPorts = async (settings: StartSettings): Promise<void> => {
  const required = getRequiredPorts(settings);
  const same = required.find(
    ({ port }, index) => required.findIndex((other) => other.port === port) !== index,
  );
  if (same)
    throw new StartError(
      `Port conflict: ${same.port} is configured for two services. Choose another port for ${same.purpose}.`,
    );
  const problems = (await Promise.all(required.map(findProblem))).filter((text) => text !== null);
  if (problems.length > 0) throw new StartError(problems.join('\n'));
};
