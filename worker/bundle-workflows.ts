import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the workflows in a process of its own: the bundler keeps 190 MB for as long as its process
 * lives, and it is needed once. Where failures are encrypted, the bundle has their converter in it.
 */
export const bundleWorkflows = (failureConverterPath?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const paths = [fileOf('../workflows/index.ts'), failureConverterPath ?? []].flat();
    const child = fork(fileOf('./bundle-program.ts'), paths, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.once('message', (code: string) => resolve(code));
    child.once('error', (error) => reject(new Error('bundling the workflows', { cause: error })));
    child.once('close', () => reject(new Error(`bundling the workflows:\n${Buffer.concat(said)}`)));
  });
