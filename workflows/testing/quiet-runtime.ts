import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/** Once per process, and before anything else of Temporal's worker is touched. */
export const installQuietRuntime = (): void => {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR' } },
    shutdownSignals: [],
  });
};
