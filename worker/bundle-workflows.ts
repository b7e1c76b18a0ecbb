import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const toPath = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the workflows in a child process, because the bundler keeps 190 MB until its process exits. With
 * encryption on, the bundle contains the failure converter.
 */
export const bundleWorkflows = (failureConverterPath?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const paths = [toPath('../workflows/index.ts'), failureConverterPath ?? []].flat();
    const child = fork(toPath('./bundle-program.ts'), paths, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const stderr: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('message', (code: string) => resolve(code));
    child.once('error', (error) => reject(new Error('bundling the workflows', { cause: error })));
    child.once('close', () => reject(new Error(`bundling the workflows:\n${Buffer.concat(stderr)}`)));
  });
