import type { ArtifactRef } from './artifact.ts';

/** The stages of a deployment, in the order in which a card lists them. */
export const deployStages = [
  'check_for_changes',
  'refresh_repo',
  'install_packages',
  'perform_tests',
  'build_image',
  'terraform_plan',
  'evaluate_policy',
  'approval',
  'terraform_apply',
  'terraform_output',
  'notify_users',
] as const;

/** The stages of a provision, of a stack or of its destruction. */
export const provisionStages = [
  'terraform_init',
  'terraform_plan',
  'evaluate_policy',
  'approval',
  'terraform_apply',
  'terraform_output',
  'notify_users',
] as const;

export type StageName = (typeof deployStages)[number] | (typeof provisionStages)[number];

/** `skipped`: not needed (no install command, no approval asked, nothing changed). */
export type StageState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

/** One stage of one run. Times are milliseconds since the epoch. */
export interface StageView {
  readonly name: StageName;
  readonly state: StageState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** One short line: "42 tests passed", "web:3f2a91c" or the failure's message. */
  readonly detail: string | null;
  /** The last lines of its log, secrets scrubbed; at most 20. */
  readonly tail: readonly string[];
  /** The whole log in the artifact store. */
  readonly log: ArtifactRef | null;
  /** Counts the times it was begun in this run: 2 after one `retry`. */
  readonly attempt: number;
}

/** Whether a stage may have left something behind: it is at work, or was. */
export const hasStarted = (stages: readonly StageView[], name: StageName): boolean =>
  stages.some((stage) => stage.name === name && stage.state !== 'pending' && stage.state !== 'skipped');
