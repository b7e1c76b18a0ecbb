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

/** Why an image was not built, as people understand it. `said` is its output's end in full. */
export const imageFailure = (operation: string, builder: Builder, result: CommandResult, said: string) => {
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

  if (noEngine.test(said))
    return fail(
      'no docker engine answers on this worker',
      'Start Docker on the worker, or let the catalog say `builder: buildah`.',
    );
  if (full.test(said))
    return fail(
      'no space is left on the disk of the worker',
      'Free some space; it is tried again by itself.',
      true,
    );
  if (registry.test(said)) {
    const base = imageName.exec(said)?.[1];
    const network = unreachable.test(said);
    return fail(
      `its base image ${base ? `${base} ` : ''}cannot be pulled`,
      network
        ? 'Check the network between the worker and the registry; it is tried again by itself.'
        : 'Check its name in the Dockerfile, and log the worker in to the registry.',
      network,
    );
  }
  return fail(
    `${builder} failed with exit code ${exitCode ?? 'none'}`,
    'Its last lines say which step and why. Push a fix and deploy again.',
  );
};
