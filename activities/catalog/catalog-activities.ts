// Separate file: the catalog itself knows nothing of activities; the bot reads it too.
import type { DeployActivities, ProvisionActivities } from '../../workflows/contract/activities.ts';
import { withPreviousNames } from '../../workflows/contract/stored-views.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { Catalog } from './catalog.ts';
import type { Resolution } from './resolve.ts';

const requireTarget = <Found>(resolution: Resolution<Found>): Found => {
  if (resolution.ok) return resolution.target;
  const { type, message, hint } = resolution;
  throw activityFailure({ type, message, hint });
};

/**
 * The local activities `resolve_target` and `resolve_stack`.
 * They throw failureTypes.unknownService, unknownEnvironment, unknownStack or catalogInvalid, which are not
 * retried. The hint names the closest match.
 */
export const createCatalogActivities = (
  catalog: Pick<Catalog, 'resolve' | 'resolveStack'>,
): Pick<DeployActivities, 'resolveTarget'> & Pick<ProvisionActivities, 'resolveStack'> => ({
  resolveTarget: async ({ service, environment }) =>
    withPreviousNames(requireTarget(catalog.resolve(service, environment))),
  resolveStack: async ({ stack }) => withPreviousNames(requireTarget(catalog.resolveStack(stack))),
});
