import type { StageInput } from '../../workflows/contract/activities.ts';

/**
 * What a working tree is for, and its folder's name. Stages that run at the same time never share one.
 * None is called `test`: Node's test runner takes every file below such a folder for a test.
 */
export type WorkspacePurpose = 'source' | 'image' | 'terraform';

/** What a working tree is made from: any worker can make it again. */
export type WorkspaceInput = Pick<StageInput, 'workflowId' | 'target' | 'revision'>;

export interface Workspaces {
  /**
   * The run's working tree of its commit, made when it is missing or at another commit. `fresh` makes
   * it again in any case. Answers with the absolute path of the repository's root.
   */
  workspace(
    input: WorkspaceInput,
    purpose: WorkspacePurpose,
    options?: { readonly fresh?: boolean },
  ): Promise<string>;
  /** Deletes a run's working trees. */
  remove(workflowId: string): Promise<void>;
  /** Deletes the working trees that no stage has used for a while; they are made again when needed. */
  sweep(unusedForMs?: number): Promise<number>;
}
