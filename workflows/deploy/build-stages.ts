import { CancellationScope } from '@temporalio/workflow';
import type { StageInput } from '../contract/activities.ts';
import type { StageName } from '../contract/stage.ts';
import type { PipelineParts } from '../run/pipeline.ts';
import type { DeployProxies } from './deploy-proxies.ts';

/** Runs branches in parallel. The first failure cancels the others, and is thrown when all have stopped. */
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

/** The stages before the approval: code, then packages and tests, the image, and the plan in parallel. */
export const createBuildStages = ({
  run,
  activities,
  runStage,
}: Pick<PipelineParts, 'run' | 'runStage'> & { readonly activities: DeployProxies }) => {
  /** Runs a stage that is not done yet, or skips it for a reason. */
  const runOnce = async (name: StageName, skipReason: string | null, work: () => Promise<unknown>) => {
    if (run.stages.isDone(name)) return;
    if (skipReason) run.stages.skip(name, skipReason);
    else await work();
  };

  return async (input: Omit<StageInput, 'attempt'>, plan: () => Promise<void>): Promise<void> => {
    const { install, test, image } = input.target;
    await runOnce('refresh_repo', null, () =>
      runStage('refresh_repo', (attempt) => activities.refresh_repo({ ...input, attempt })),
    );
    await runInParallel([
      async () => {
        await runOnce('install_packages', install ? null : 'no install command', () =>
          runStage('install_packages', (attempt) => activities.install_packages({ ...input, attempt })),
        );
        await runOnce('perform_tests', test ? null : 'no test command', () =>
          runStage('perform_tests', (attempt) => activities.perform_tests({ ...input, attempt })),
        );
      },
      () =>
        runOnce('build_image', image && image.builder !== 'none' ? null : 'no image', async () => {
          const built = await runStage('build_image', (attempt) =>
            activities.build_image({ ...input, attempt }),
          );
          run.set({ image: built.image });
        }),
      plan,
    ]);
  };
};
