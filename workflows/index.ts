import { createDeploy } from './deploy.ts';
import { createDrift } from './drift.ts';
import { createEnvironment } from './environment.ts';
import { createProvision } from './provision.ts';
import { defaultTimeouts } from './timeouts.ts';

/** What the worker bundles. The names of the functions are the workflow types. */
export const deploy = createDeploy(defaultTimeouts);
export const provision = createProvision(defaultTimeouts);
export const drift = createDrift(defaultTimeouts);
export const environment = createEnvironment(defaultTimeouts);
