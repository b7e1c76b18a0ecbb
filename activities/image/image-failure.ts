import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import type { Builder } from './builder.ts';

const noEngine =
  /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API/i;
const full = /no space left on device|disk quota exceeded/i;
const unreachable =
  /no such host|connection refused|connection reset|i\/o timeout|tls handshake timeout|network is unreachable|temporary failure in name resolution|too ?many ?requests|context deadline exceeded|\b50[234]\b/i;
const registry =
  /pull access denied|manifest (for .* )?(unknown|not found)|reading manifest|initializing source|failed to resolve|unable to pull|error pulling|error response from daemon: (get|head) "?https?:|requested access to the resource is denied|unauthorized|failed to do request|short-name/i;

const imageName =
  /(?:docker:\/\/|denied for |manifest for |pulling (?:image )?"?|resolve source metadata for |pull )([a-z0-9][\w.\-/:@]*[\w])/i;

/**
 * The failure of a build, failureTypes.imageFailed, with its cause. Retried only after network errors and a
 * full disk. `output` is the end of the build's output, redacted.
 */
export const imageFailure = (
  operation: string,
  builder: Builder,
  result: CommandResult,
  output: string,
): ApplicationFailure => {
  const { tail, log, exitCode } = result;
  const fail = (why: string, hint: string, retryable = false) =>
    activityFailure({
      type: failureTypes.imageFailed,
      message: `${operation}: ${why}`,
      hint,
      retryable,
      tail,
      log,
    });

  if (noEngine.test(output))
    return fail(
      'no Docker engine responds on this worker',
      'Start Docker on the worker, or set `builder: buildah` in the catalog.',
    );
  if (full.test(output))
    return fail(
      "no space left on the worker's disk",
      'Free disk space on the worker. Quarterdeck retries automatically.',
      true,
    );
  if (registry.test(output)) {
    const base = imageName.exec(output)?.[1];
    const network = unreachable.test(output);
    return fail(
      `base image ${base ? `${base} ` : ''}cannot be pulled`,
      network
        ? 'Check the network between the worker and the registry. Quarterdeck retries automatically.'
        : 'Check the image name in the Dockerfile, and log the worker in to the registry.',
      network,
    );
  }
  return fail(
    `${builder} failed with exit code ${exitCode ?? 'none'}`,
    'The last lines of the log show the failed step. Push a fix and deploy again.',
  );
};
