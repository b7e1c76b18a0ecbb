import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const home = fileURLToPath(new URL('../.quarterdeck/tools/moto', import.meta.url));
const requirement = 'moto[server,s3,ssm]==5.2.5';
const startMs = 60_000;

/** An emulated AWS for one test file. */
export interface Moto {
  readonly url: string;
  /** What the AWS SDK, Terraform and the artifact store need to find it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Installs into a temporary folder and renames it, so that two test files can start at the same time. */
const install = async (): Promise<void> => {
  const making = `${home}.making-${randomUUID()}`;
  await mkdir(dirname(home), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', making]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
    await run(join(making, 'bin', 'python'), pip, { maxBuffer: 64 * 1024 * 1024 });
    await rename(making, home);
  } catch (error) {
    if (existsSync(home)) return;
    throw new Error('installing moto for the tests: it needs python3 with venv, and a package index', {
      cause: error,
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
};

const addressOf = async (server: ChildProcess): Promise<string> => {
  if (!server.stderr) throw new Error('starting moto: its output cannot be read');
  const said: string[] = [];
  const timer = setTimeout(() => server.kill('SIGKILL'), startMs);
  try {
    for await (const line of createInterface({ input: server.stderr })) {
      said.push(line);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
  } finally {
    clearTimeout(timer);
    // Its request log is not read, and a full pipe would block it.
    server.stderr.resume();
  }
  throw new Error(`starting moto: it ended with\n${said.join('\n')}`);
};

/** Starts moto on a free port, installing it into `.quarterdeck/tools` the first time. */
export const startMoto = async (): Promise<Moto> => {
  const python = join(home, 'bin', 'python');
  if (!existsSync(python)) await install();
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  });
  const ended = once(server, 'exit');
  const url = await addressOf(server);
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    },
    async stop() {
      server.kill('SIGKILL');
      await ended;
    },
  };
};
