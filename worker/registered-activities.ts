import type {
  DeployActivities,
  DriftActivities,
  EnvironmentActivities,
  ProvisionActivities,
} from '../workflows/contract/activities.ts';
import type { Registered } from '../workflows/registered-activities.ts';

/** The activities of a worker, on all of its task queues. */
export type WorkerActivities = DeployActivities &
  ProvisionActivities &
  DriftActivities &
  EnvironmentActivities;

const registeredName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Registers `buildImage` as `build_image`, the name in histories and in the Temporal UI. */
export const registerActivities = (activities: WorkerActivities): Registered<WorkerActivities> =>
  Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [registeredName(name), activity]),
  ) as unknown as Registered<WorkerActivities>;
