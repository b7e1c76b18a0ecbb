import type { StageInput } from '../contract/activities.ts';
import type { StageName } from '../contract/stage.ts';
import type { Perform } from '../run/perform.ts';
import type { Run } from '../run/run.ts';
import type { DeployProxies } from './activities.ts';
import { together } from './together.ts';

interface Parts {
  readonly run: Run;
  readonly activities: DeployProxies;
  readonly perform: Perform;
}

/** Everything before the question: what does not depend on each other runs at the same time. */
export const createPrepare = ({ run, activities, perform }: Parts) => {
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
    await together([
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
