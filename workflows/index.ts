import { createDeploy } from './deploy.ts';
import { createDrift } from './drift.ts';
import { createEnvironment } from './environment.ts';
import { usualLimits } from './limits.ts';
import { createProvision } from './provision.ts';

/** What the worker bundles. The names of the functions are the workflow types. */
export const deploy = createDeploy(usualLimits);
export const provision = createProvision(usualLimits);
export const drift = createDrift(usualLimits);
export const environment = createEnvironment(usualLimits);
