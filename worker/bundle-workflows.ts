import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the workflows in a process of its own: the bundler keeps 190 MB for as long as its process
 * lives, and it is needed once.
 */
export const bundleWorkflows = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = fork(fileOf('./bundle-program.ts'), [fileOf('../workflows/index.ts')], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.once('message', (code: string) => resolve(code));
    child.once('error', (error) => reject(new Error('bundling the workflows', { cause: error })));
    child.once('close', () => reject(new Error(`bundling the workflows:\n${Buffer.concat(said)}`)));
  });
