import { Context } from '@temporalio/activity';
import type {
  ChatActivities,
  DeployActivities,
  DriftActivities,
  EnvironmentActivities,
  ProvisionActivities,
  RunActivities,
  RunNotification,
  StageResult,
} from '../contract/activities.ts';
import type { DriftReport } from '../contract/drift.ts';
import type { ServiceTarget, StackTarget } from '../contract/target.ts';
import type { Registered } from '../registered-activities.ts';
import {
  sampleArtifact,
  sampleCommit,
  sampleFiles,
  samplePlan,
  sampleStack,
  sampleTarget,
} from './samples.ts';

type WorkerSteps = Registered<DeployActivities & ProvisionActivities & DriftActivities>;
/** The steps that a script replaces. The others are the same for all tests. */
type Steps = Omit<WorkerSteps, 'resolve_target' | 'resolve_stack' | 'enter_environment'>;

/** What the activities do for one service or stack. A missing step succeeds immediately. */
export interface Script extends Partial<Steps> {
  readonly target?: Partial<ServiceTarget>;
  readonly stack?: Partial<StackTarget>;
  /** Runs before the target is resolved; can throw or wait. */
  readonly resolve?: () => void | Promise<void>;
  readonly notify?: (notice: RunNotification) => void | Promise<void>;
  readonly report?: (report: DriftReport) => void | Promise<void>;
}

const succeed = (detail: string): StageResult => ({
  detail,
  tail: [`${detail}`],
  log: sampleArtifact(`logs/${detail.replaceAll(' ', '-')}`),
});

/** Every step succeeds immediately. */
const defaultSteps: Steps = {
  check_for_changes: async () => ({
    commit: { sha: sampleCommit, subject: 'Answer faster', author: 'Joan' },
    changed: true,
  }),
  terraform_init: async () => ({ ...succeed('state in local'), revision: sampleFiles }),
  refresh_repo: async () => succeed('3f2a91c checked out'),
  install_packages: async () => succeed('12 packages'),
  perform_tests: async () => succeed('42 tests passed'),
  build_image: async ({ target }) => ({ ...succeed('built'), image: `${target.name}:3f2a91c` }),
  terraform_plan: async ({ attempt }) => ({
    ...succeed('2 to add, 1 to change'),
    plan: samplePlan(`${attempt}`),
  }),
  evaluate_policy: async ({ plan }) => ({
    verdict: { outcome: 'pass', violations: [] },
    digest: `digest-${plan.file.sha256.slice(0, 8)}`,
  }),
  terraform_apply: async () => ({
    ...succeed('2 added, 1 changed, 0 destroyed'),
    applied: { added: 2, changed: 1, destroyed: 0, done: 3, total: 3, finished: ['aws_instance.web'] },
  }),
  look_for_drift: async () => ({ kind: 'in_sync' }),
  terraform_output: async () => ({
    outputs: [{ name: 'url', sensitive: false, value: 'https://web.example.com' }],
  }),
};

/** Activities that run the script of the run's service, with the given activities for the environment lock. */
export const createFakeActivities = (
  getScript: (service: string) => Script,
  environment: EnvironmentActivities & RunActivities,
) => {
  const scripted = Object.fromEntries(
    (Object.keys(defaultSteps) as (keyof typeof defaultSteps)[]).map((name) => [
      name,
      (input: { target: ServiceTarget }) => {
        const step = getScript(input.target.name)[name] ?? defaultSteps[name];
        return (step as (input: unknown) => Promise<unknown>)(input);
      },
    ]),
  );
  const working = {
    ...scripted,
    resolve_target: async ({ service, environment: to }: { service: string; environment: string }) => {
      await getScript(service).resolve?.();
      return { ...sampleTarget(service, to), ...getScript(service).target };
    },
    resolve_stack: async ({ stack }: { stack: string }) => {
      await getScript(stack).resolve?.();
      return { ...sampleStack(stack), ...getScript(stack).stack };
    },
    enter_environment: environment.enterEnvironment,
    find_open_runs: environment.findOpenRuns,
    find_holders: environment.findHolders,
  };
  return working as unknown as WorkerSteps & Registered<EnvironmentActivities>;
};

/** The bot's activities, with functions in place of the chats. */
export const createFakeChat = (
  notify: (notice: RunNotification) => void | Promise<void>,
  report: (report: DriftReport) => void | Promise<void>,
): Registered<ChatActivities> => ({
  notify_users: async (notice) => notify(notice),
  report_drift: async (driftReport) => report(driftReport),
});

/** A stage that runs and heartbeats until `release` or a cancellation. */
export const createHold = <Result>(result: () => Result) => {
  const started = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    started: started.promise,
    release: released.resolve,
    step: async (): Promise<Result> => {
      started.resolve();
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 50);
      try {
        await Promise.race([released.promise, context.cancelled]);
        return result();
      } finally {
        clearInterval(beat);
      }
    },
  };
};
