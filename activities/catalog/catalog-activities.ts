import type { DeployActivities, ProvisionActivities } from '../../workflows/contract/activities.ts';
import { withPreviousNames } from '../../workflows/contract/stored-views.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { Catalog } from './catalog.ts';
import type { Resolution } from './resolve.ts';

const found = <Found>(resolution: Resolution<Found>): Found => {
  if (resolution.ok) return resolution.target;
  const { type, message, hint } = resolution;
  throw activityFailure({ type, message, hint });
};

/** The catalog's part of the activities. */
export const createCatalogActivities = (
  catalog: Pick<Catalog, 'resolve' | 'resolveStack'>,
): Pick<DeployActivities, 'resolveTarget'> & Pick<ProvisionActivities, 'resolveStack'> => ({
  resolveTarget: async ({ service, environment }) =>
    withPreviousNames(found(catalog.resolve(service, environment))),
  resolveStack: async ({ stack }) => withPreviousNames(found(catalog.resolveStack(stack))),
});
