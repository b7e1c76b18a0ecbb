import { CancellationScope } from '@temporalio/workflow';
import type { StageInput } from '../contract/activities.ts';
import type { StageName } from '../contract/stage.ts';
import type { RunStage } from '../run/perform.ts';
import type { RunState } from '../run/run.ts';
import type { DeployProxies } from './deploy-proxies.ts';

/** Runs branches at the same time. The first failure stops the others, and is thrown when all have stopped. */
const runInParallel = async (branches: readonly (() => Promise<unknown>)[]): Promise<void> => {
  const scope = new CancellationScope();
  const failures: unknown[] = [];
  await scope.run(() =>
    Promise.all(
      branches.map(async (branch) => {
        try {
          await branch();
        } catch (error) {
          failures.push(error);
          scope.cancel();
        }
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
};

interface Parts {
  readonly run: RunState;
  readonly activities: DeployProxies;
  readonly perform: RunStage;
}

/** Everything before the question: what does not depend on each other runs at the same time. */
export const createBuildStages = ({ run, activities, perform }: Parts) => {
  /** Runs a stage that is not done yet, unless there is a reason not to. */
  const once = async (name: StageName, whyNot: string | null, work: () => Promise<unknown>) => {
    if (run.stages.isDone(name)) return;
    if (whyNot) run.stages.skip(name, whyNot);
    else await work();
  };

  return async (input: Omit<StageInput, 'attempt'>, plan: () => Promise<void>): Promise<void> => {
    const { install, test, image } = input.target;
    await once('refresh_repo', null, () =>
      perform('refresh_repo', (attempt) => activities.refresh_repo({ ...input, attempt })),
    );
    await runInParallel([
      async () => {
        await once('install_packages', install ? null : 'no install command', () =>
          perform('install_packages', (attempt) => activities.install_packages({ ...input, attempt })),
        );
        await once('perform_tests', test ? null : 'no test command', () =>
          perform('perform_tests', (attempt) => activities.perform_tests({ ...input, attempt })),
        );
      },
      () =>
        once('build_image', image && image.builder !== 'none' ? null : 'no image', async () => {
          const built = await perform('build_image', (attempt) =>
            activities.build_image({ ...input, attempt }),
          );
          run.set({ image: built.image });
        }),
      plan,
    ]);
  };
};
