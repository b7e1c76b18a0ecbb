import { assert, type Run, type Scenario } from './scenario.ts';

/** How many attempts the newest completed activity of a type took, by the history. */
const attemptsOf = async (run: Run, type: string): Promise<number> => {
  const { events } = await run.fetchHistory();
  const scheduled = events?.findLast(
    ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === type,
  );
  const started = events?.findLast(
    ({ activityTaskStartedEventAttributes: task }) =>
      String(task?.scheduledEventId) === String(scheduled?.eventId),
  );
  return started?.activityTaskStartedEventAttributes?.attempt ?? 0;
};

/** The state's server is out of order for two attempts. */
export const apiFailure: Scenario = async (scene) => {
  // Terraform reads the state once when it is set up, and once for each plan.
  scene.stateServer.fail(1, 2);
  await scene.work();
  const run = await scene.provision('shared-network');
  await scene.until(run, 'succeeded');
  const attempts = await attemptsOf(run, 'terraform_plan');
  scene.say(
    `The server refused ${scene.stateServer.refused()} times; terraform_plan took ${attempts} attempts.`,
  );
  assert(attempts === 3, 'it did not succeed on the third');
  scene.show('workflow show', run);
};
