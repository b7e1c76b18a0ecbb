import type { StageInput } from '../../workflows/contract/activities.ts';

/**
 * What a working tree is used for, and the name of its folder. Stages that run at the same time never
 * share one. None is called `test`, because Node's test runner treats all files in such a folder as tests.
 */
export type WorkspacePurpose = 'source' | 'image' | 'terraform';

/** What a working tree is created from. Any worker can create it again. */
export type WorkspaceInput = Pick<StageInput, 'workflowId' | 'target' | 'revision'>;

/** The working trees of runs on this worker. */
export interface Workspaces {
  /**
   * Returns the absolute path of a run's working tree at its revision. Creates it if it is missing or at
   * another commit; `fresh` always creates it again.
   * @throws failureTypes.noSuchRef (not retried) when the repository no longer has the commit.
   * @throws failureTypes.repositoryUnavailable (retried after network errors only).
   * @throws failureTypes.storageFailed (retried) when the disk of `WORKER_DATA_DIR` fails.
   */
  workspace(
    input: WorkspaceInput,
    purpose: WorkspacePurpose,
    options?: { readonly fresh?: boolean },
  ): Promise<string>;
  /** Deletes a run's working trees. */
  remove(workflowId: string): Promise<void>;
  /** Deletes working trees that no stage has used for this time (ms). Returns how many runs it deleted. */
  sweep(unusedForMs?: number): Promise<number>;
}
