import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { asyncLocalStorage } from '@temporalio/activity';
import { signalGroup } from '../process/process-group.ts';
import { reportWaiting } from '../process/progress.ts';
import { startProcess } from '../process/start-process.ts';
import { throwIfStopped } from '../process/stopped.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { wholeEnvironment } from './environment.ts';
import type { Workplace } from './workplace.ts';

const mostErrorText = 8000;

const textOf = async (stream: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of stream) if (text.length < mostErrorText) text += String(chunk);
  return text.slice(0, mostErrorText);
};

/**
 * Runs a Terraform command that only reads, and hands its output on as it comes: it may be larger than
 * memory, and it holds secrets, so none of it is logged.
 */
export const readOutput = async <T>(
  deps: TerraformDependencies,
  place: Workplace,
  args: readonly string[],
  consume: (stdout: Readable) => Promise<T>,
): Promise<T> => {
  const { doing, binary: file, directory: cwd } = place;
  const abortSignal = asyncLocalStorage.getStore()?.cancellationSignal;
  using _waiting = reportWaiting(`reading terraform ${args[0]}`);
  const child = await startProcess({ doing, file, args, cwd }, wholeEnvironment(deps.env, place.env));
  const stop = (): void => void signalGroup(child.pid, 'SIGKILL');
  abortSignal?.addEventListener('abort', stop, { once: true });
  if (abortSignal?.aborted) stop();
  try {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error(`${doing}: terraform has no output to read`);
    const ended = once(child, 'close');
    // What could not be understood matters less than that Terraform itself failed.
    const [consumed, errors] = await Promise.all([
      consume(stdout).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
      textOf(stderr),
    ]);
    if ('error' in consumed) stdout.resume();
    await ended;
    await throwIfStopped({ signalled: abortSignal?.aborted ?? false }, doing);
    if (child.exitCode !== 0)
      throw new Error(
        `${doing}: terraform ${args[0]} ended with ${child.exitCode ?? child.signalCode}: ${firstError(errors)}`,
      );
    if ('error' in consumed) throw consumed.error;
    return consumed.value;
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    signalGroup(child.pid, 'SIGKILL');
  }
};

const firstError = (text: string): string =>
  /Error: (.*)/.exec(text)?.[1] ?? text.trim().split('\n').at(-1) ?? 'it gave no reason';
