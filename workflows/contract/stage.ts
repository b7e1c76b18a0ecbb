import type { ArtifactRef } from './artifact.ts';

/** The stages of a deployment, in the order in which cards list them. The names are the activities' names. */
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

/** The stages of a run that provisions or destroys a stack. */
export const provisionStages = [
  'terraform_init',
  'terraform_plan',
  'evaluate_policy',
  'approval',
  'terraform_apply',
  'terraform_output',
  'notify_users',
] as const;

/** A stage of any kind of run. `approval` is the wait for a decision; every other stage is an activity. */
export type StageName = (typeof deployStages)[number] | (typeof provisionStages)[number];

/**
 * The state of a stage. `skipped`: not needed, for example because the service has no tests, the plan needs no approval,
 * or nothing changed. `cancelled`: stopped because the run was cancelled or another stage failed.
 */
export type StageState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

/** One stage of one run. Times are milliseconds since the epoch, and null before they occur. */
export interface StageView {
  readonly name: StageName;
  readonly state: StageState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** One short line: "42 tests passed", "web:3f2a91c" or the failure's message. */
  readonly detail: string | null;
  /** The last lines of the output with secrets redacted: at most 20, each at most 200 characters. */
  readonly tail: readonly string[];
  /** The complete output in the artifact store. */
  readonly log: ArtifactRef | null;
  /** How many times the run started this stage: 0 before the first time, 2 after one `retry`. */
  readonly attempt: number;
}

/** True when a stage started, so that it can have changed something. */
export const hasStarted = (stages: readonly StageView[], name: StageName): boolean =>
  stages.some((stage) => stage.name === name && stage.state !== 'pending' && stage.state !== 'skipped');
