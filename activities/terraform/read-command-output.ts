import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { signalGroup, startProcess } from '../process/process-group.ts';
import { reportWaiting } from '../process/progress.ts';
import { hasAttemptsLeft } from './classify-errors.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import { buildProcessEnv } from './terraform-env.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

const maxErrorLength = 8000;
const maxReasonLength = 400;

const textOf = async (stream: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of stream) if (text.length < maxErrorLength) text += String(chunk);
  return text.slice(0, maxErrorLength);
};

const settled = <T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

const firstError = (text: string): string =>
  /Error: (.*)/.exec(text)?.[1] ?? text.trim().split('\n').at(-1) ?? 'it gave no reason';

/**
 * Runs a Terraform command that only reads, and hands its output on as it comes: it may be larger than
 * memory, and it holds secrets, so none of it is logged.
 */
export const readOutput = async <T>(
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  args: readonly string[],
  consume: (stdout: Readable) => Promise<T>,
): Promise<T> => {
  const { operation: doing, binary: file, directory: cwd } = place;
  const abortSignal = asyncLocalStorage.getStore()?.cancellationSignal;
  using _waiting = reportWaiting(`reading terraform ${args[0]}`);
  const child = await startProcess(
    { operation: doing, file, args, cwd },
    buildProcessEnv(deps.env, place.env),
  );
  const stop = (): void => void signalGroup(child.pid, 'SIGKILL');
  abortSignal?.addEventListener('abort', stop, { once: true });
  if (abortSignal?.aborted) stop();
  try {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error(`${doing}: terraform has no output to read`);
    const ended = once(child, 'close');
    const [consumed, errors] = await Promise.all([settled(consume(stdout)), textOf(stderr)]);
    const readWhole = stdout.readableEnded;
    // Whoever stopped reading early must not leave Terraform waiting.
    stdout.resume();
    await ended;
    await throwIfInterrupted({ signalled: abortSignal?.aborted ?? false }, doing);
    if ('value' in consumed && child.exitCode === 0) return consumed.value;
    // A store that failed also ends Terraform, by closing its output; one that read all of it did not.
    const failedFirst = !readWhole || child.exitCode === 0;
    if ('error' in consumed && consumed.error instanceof ApplicationFailure && failedFirst)
      throw consumed.error;
    const scrub = createBaseRedactor(deps, place);
    const said =
      child.exitCode === 0 ? scrub(String('error' in consumed && consumed.error)) : firstError(scrub(errors));
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${doing}: terraform ${args[0]} failed: ${said.slice(0, maxReasonLength)}`,
      retryable: hasAttemptsLeft(),
      cause: 'error' in consumed ? consumed.error : undefined,
    });
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    signalGroup(child.pid, 'SIGKILL');
  }
};
