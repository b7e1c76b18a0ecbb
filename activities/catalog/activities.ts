import type { DeployActivities } from '../../workflows/contract/activities.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { Catalog } from './catalog.ts';

/** The catalog's part of `DeployActivities`. */
export const createCatalogActivities = (
  catalog: Pick<Catalog, 'resolve'>,
): Pick<DeployActivities, 'resolveTarget'> => ({
  resolveTarget: async ({ service, environment }) => {
    const resolution = catalog.resolve(service, environment);
    if (resolution.ok) return resolution.target;
    const { type, message, hint } = resolution;
    throw activityFailure({ type, message, hint });
  },
});
