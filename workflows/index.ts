import { createDeploy } from './deploy.ts';
import { createEnvironment } from './environment.ts';
import { usualLimits } from './limits.ts';

/** What the worker bundles. The names of the functions are the workflow types. */
export const deploy = createDeploy(usualLimits);
export const environment = createEnvironment(usualLimits);
