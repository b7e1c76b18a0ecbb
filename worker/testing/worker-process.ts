import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A worker in its own process. */
export interface StartedWorker {
  readonly child: ChildProcess;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** The log, parsed. */
  readonly lines: () => readonly Record<string, unknown>[];
  readonly stderr: () => string;
}

/** The first line of the log whose message holds these words. */
export const findLine = (worker: StartedWorker, words: string): Record<string, unknown> | undefined =>
  worker.lines().find(({ msg }) => typeof msg === 'string' && msg.includes(words));

export const healthPort = (worker: StartedWorker): number => {
  const { address } = findLine(worker, 'serving health checks') ?? {};
  return (address as { port: number }).port;
};

/** A folder, and the workers that run in it; `clean` ends and removes everything. */
export const createWorkerFolder = (path = '') => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-worker-'));
  const running: ChildProcess[] = [];
  return {
    folder,
    start: (env: Record<string, string>): StartedWorker => {
      const child = spawn(process.execPath, [program], {
        cwd: folder,
        env: { PATH: path, HOME: folder, XDG_CONFIG_HOME: folder, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.push(child);
      const said = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name]?.setEncoding('utf8').on('data', (text: string) => {
          said[name] += text;
        });
      const whole = () =>
        said.stdout
          .slice(0, said.stdout.lastIndexOf('\n') + 1)
          .split('\n')
          .filter(Boolean);
      return {
        child,
        ended: once(child, 'close').then(([code]) => code as number | null),
        lines: () => whole().map((line) => JSON.parse(line) as Record<string, unknown>),
        stderr: () => said.stderr,
      };
    },
    clean: async (): Promise<void> => {
      for (const child of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A client with its own namespace, because the task queue's name is fixed and other tests run workers too. */
export const connectOwnNamespace = async (address: string): Promise<Client> => {
  const connection = await Connection.connect({ address });
  const namespace = `worker-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  return new Client({ connection, namespace });
};
