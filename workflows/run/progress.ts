import type { RunStatus } from '../contract/run-status.ts';
import type { StageName, StageView } from '../contract/stage.ts';

/** Rough share of the time that a stage takes. Waiting for people counts for nothing. */
const weights: Record<StageName, number> = {
  check_for_changes: 3,
  terraform_init: 5,
  refresh_repo: 7,
  install_packages: 15,
  perform_tests: 20,
  build_image: 15,
  terraform_plan: 15,
  evaluate_policy: 3,
  approval: 0,
  terraform_apply: 20,
  terraform_output: 2,
  notify_users: 0,
};

const done = ({ name, state }: StageView): number => {
  if (state === 'succeeded' || state === 'skipped') return weights[name];
  return state === 'running' ? weights[name] / 3 : 0;
};

/** 0 to 100; 100 only when nothing is left to do. */
export const progressOf = (status: RunStatus, stages: readonly StageView[]): number => {
  if (status === 'succeeded' || status === 'no_changes') return 100;
  const whole = stages.reduce((sum, { name }) => sum + weights[name], 0);
  const share = stages.reduce((sum, stage) => sum + done(stage), 0) / whole;
  return Math.min(99, Math.round(100 * share));
};
