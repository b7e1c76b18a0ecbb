import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { truncateEnd } from '../process/output-lines.ts';
import { signalGroup, startProcess } from '../process/process-group.ts';
import { reportWaiting } from '../process/progress.ts';
import { hasAttemptsLeft } from './classify-errors.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import { buildProcessEnv } from './terraform-env.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

const maxErrorLength = 8000;
const maxReasonLength = 400;

const readText = async (stream: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of stream) if (text.length < maxErrorLength) text += String(chunk);
  return text.slice(0, maxErrorLength);
};

type Settled<T> = { readonly value: T } | { readonly error: unknown };

const settle = <T>(promise: Promise<T>): Promise<Settled<T>> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

const findFirstError = (stderr: string): string =>
  /Error: (.*)/.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1) ?? 'no error message';

/**
 * Runs a Terraform command that only reads, and streams its output to `consume`. The output may be larger than
 * memory and contains secrets, so Quarterdeck does not log it.
 * @throws planFailed (retried up to 5 attempts), interrupted (retried), and any failure of `consume`.
 */
export const readCommandOutput = async <T>(
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  args: readonly string[],
  consume: (stdout: Readable) => Promise<T>,
): Promise<T> => {
  const { operation, binary: file, directory: cwd } = workspace;
  const abortSignal = asyncLocalStorage.getStore()?.cancellationSignal;
  using _heartbeat = reportWaiting(`reading terraform ${args[0]}`);
  const child = await startProcess({ operation, file, args, cwd }, buildProcessEnv(deps.env, workspace.env));
  const stop = (): void => void signalGroup(child.pid, 'SIGKILL');
  abortSignal?.addEventListener('abort', stop, { once: true });
  if (abortSignal?.aborted) stop();
  try {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error(`${operation}: terraform has no output streams`);
    const closed = once(child, 'close');
    const [consumed, errorText] = await Promise.all([settle(consume(stdout)), readText(stderr)]);
    const isCompletelyRead = stdout.readableEnded;
    // If `consume` stopped early, discard the rest, or Terraform would block on a full pipe.
    stdout.resume();
    await closed;
    await throwIfInterrupted({ signalled: abortSignal?.aborted ?? false }, operation);
    if ('value' in consumed && child.exitCode === 0) return consumed.value;
    // A store that fails also ends Terraform, by closing its output. Then its failure is the cause.
    const isConsumerTheCause = !isCompletelyRead || child.exitCode === 0;
    const consumerError = 'error' in consumed ? consumed.error : undefined;
    if (consumerError instanceof ApplicationFailure && isConsumerTheCause) throw consumerError;
    const redact = createBaseRedactor(deps, workspace);
    const reason = child.exitCode === 0 ? redact(String(consumerError)) : findFirstError(redact(errorText));
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${operation}: terraform ${args[0]} failed: ${truncateEnd(reason, maxReasonLength)}`,
      retryable: hasAttemptsLeft(),
      cause: consumerError,
    });
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    signalGroup(child.pid, 'SIGKILL');
  }
};
