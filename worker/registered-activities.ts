import type {
  DeployActivities,
  DriftActivities,
  EnvironmentActivities,
  ProvisionActivities,
} from '../workflows/contract/activities.ts';
import { readPayload } from '../workflows/contract/stored-views.ts';
import type { Registered } from '../workflows/registered-activities.ts';

/** The activities of a worker, on all of its task queues. */
export type WorkerActivities = DeployActivities &
  ProvisionActivities &
  DriftActivities &
  EnvironmentActivities;

const registeredName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

type Activity = (input: never) => Promise<unknown>;

/** Accepts the input of a workflow that the version before started. */
const readingEveryVersion =
  (activity: Activity): Activity =>
  (input) =>
    activity(readPayload(input));

/** Registers `buildImage` as `build_image`, the name in histories and in the Temporal UI. */
export const registerActivities = (activities: WorkerActivities): Registered<WorkerActivities> =>
  Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      registeredName(name),
      readingEveryVersion(activity),
    ]),
  ) as unknown as Registered<WorkerActivities>;
