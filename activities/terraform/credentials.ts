import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { Env } from '../process/environment.ts';

/** Refuses, before any command runs, what could only fail half-way for want of credentials. */
export const requireCredentials = (env: Env, names: readonly string[], doing: string): void => {
  const missing = names.filter((name) => !env[name]);
  if (missing.length === 0) return;
  const them = missing.length === 1 ? 'it' : 'them';
  throw activityFailure({
    type: failureTypes.missingCredentials,
    message: `${doing}: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set on this worker, so nothing was run`,
    hint: `Set ${them} in the worker's environment and restart it, then retry.`,
  });
};
