import { CancellationScope } from '@temporalio/workflow';

/** Runs branches at the same time. The first failure stops the others, and is thrown when all have stopped. */
export const together = async (branches: readonly (() => Promise<unknown>)[]): Promise<void> => {
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
