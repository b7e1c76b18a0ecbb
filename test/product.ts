import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDemo } from '../scripts/demo/create-demo.ts';
import { getDemoPaths } from '../scripts/demo/paths.ts';
import { startDevServer } from '../scripts/tools/dev-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const answers = async (url: string): Promise<boolean> => {
  const response = await fetch(url).catch(() => null);
  return response?.ok === true;
};

/** Starts the bot and the worker as processes, with a Temporal server and a demo service. */
export const startProduct = async (chat: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-product-'));
  const [server, port, demo] = await Promise.all([
    startDevServer(),
    freePort(),
    createDemo('terraform', getDemoPaths(join(folder, 'demo'))),
  ]);
  const env = {
    ...process.env,
    ...chat,
    TEMPORAL_ADDRESS: server.address,
    QUARTERDECK_CATALOG: demo.catalog,
    PORT: String(port),
    WORKER_SHUTDOWN_GRACE: '5s',
  };
  let printed = '';
  const start = (name: 'bot' | 'worker'): ChildProcess => {
    const child = spawn(process.execPath, [join(root, name, 'main.ts')], { cwd: folder, env });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed = (printed + String(chunk)).slice(-20_000);
      });
    return child;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const worker = start('worker');
  let bot = start('bot');
  const url = `http://127.0.0.1:${port}`;
  const botAnswers = async (): Promise<void> => {
    while (!(await answers(`${url}/readyz`))) {
      if (bot.exitCode !== null) throw new Error(`the bot ended:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await botAnswers();

  return {
    url,
    client: server.client,
    /** The last output of both processes, for a failing test. */
    printed: () => printed,
    stateOf: (environment: string): Promise<string> =>
      readFile(join(demo.state, `${environment}.tfstate`), 'utf8'),
    auditOf: async (workflowId: string): Promise<readonly { kind: string; by: string | null }[]> => {
      const token = await readFile(join(folder, '.quarterdeck', 'cli-token'), 'utf8');
      const response = await fetch(`${url}/api/audit/${workflowId}`, {
        headers: { authorization: `Bearer ${token.trim()}` },
      });
      return (await response.json()) as [];
    },
    killBot: () => end(bot, 'SIGKILL'),
    /** Does not wait until the bot is ready, for a chat that is not reachable. */
    startBot: async ({ ready = true } = {}): Promise<void> => {
      bot = start('bot');
      if (ready) await botAnswers();
    },
    stop: async (): Promise<void> => {
      await Promise.all([end(bot, 'SIGTERM'), end(worker, 'SIGTERM')]);
      await server.teardown();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type Product = Awaited<ReturnType<typeof startProduct>>;
