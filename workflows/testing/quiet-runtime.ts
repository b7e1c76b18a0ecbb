import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/** Logs errors only. Call it before anything else of Temporal's worker is used; later calls do nothing. */
export const installQuietRuntime = (): void => {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR' } },
    shutdownSignals: [],
  });
};
