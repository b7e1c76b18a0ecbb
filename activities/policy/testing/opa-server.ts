import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { findOpa } from '../../../scripts/tools/find-tool.mjs';

/** The path of the real program; `npm test` installs it. */
export const requireOpa = (): string => {
  const opa = findOpa();
  if (opa === null) throw new Error('opa is missing: run `npm test`, which installs it, or set OPA_BIN');
  return opa;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** A real OPA server with these rules. */
export const startOpaServer = async (folder: string) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['run', '--server', `--addr=127.0.0.1:${port}`, '--log-level=error', folder];
  const child = spawn(requireOpa(), args, { stdio: 'ignore' });
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    if (tries > 200) throw new Error('the OPA server did not start within 10 seconds');
    await pause(50);
  }
  return { url, stop: () => child.kill('SIGKILL') };
};
