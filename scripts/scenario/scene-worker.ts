import { join } from 'node:path';
import { execa } from 'execa';

/** A worker as a process of its own, which sees nothing of our settings. */
export const startWorker = (
  code: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): { stop(): Promise<void>; readonly failed: Promise<never> } => {
  const { PATH = '', HOME = '', TF_CLI_CONFIG_FILE } = process.env;
  const child = execa(process.execPath, [join(code, 'worker', 'main.ts')], {
    cwd: folder,
    env: { PATH, HOME, ...(TF_CLI_CONFIG_FILE ? { TF_CLI_CONFIG_FILE } : {}), ...settings },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: 15_000,
  });
  let stopping = false;
  const failed = child.then(({ all }) => {
    // Whoever stopped it is told by `stop`; this stays open for ever.
    if (stopping) return new Promise<never>(() => undefined);
    throw new Error(`the worker ended by itself:\n${all.slice(-4000)}`);
  });
  failed.catch(() => undefined); // waited for together with what it would spoil
  return {
    failed,
    stop: async () => {
      stopping = true;
      child.kill('SIGTERM');
      await child;
    },
  };
};
