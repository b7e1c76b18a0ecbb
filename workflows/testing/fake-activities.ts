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

type Working = Registered<DeployActivities & ProvisionActivities & DriftActivities>;
/** What the world does itself, by the script's target. */
type Steps = Omit<Working, 'resolve_target' | 'resolve_stack' | 'enter_environment'>;

/** What the fakes do for one service; whatever is missing succeeds at once. */
export interface Script extends Partial<Steps> {
  readonly target?: Partial<ServiceTarget>;
  readonly stack?: Partial<StackTarget>;
  /** Before the target is known; throws or waits as the catalog might. */
  readonly resolve?: () => void | Promise<void>;
  readonly notify?: (notice: RunNotification) => void | Promise<void>;
  readonly report?: (report: DriftReport) => void | Promise<void>;
}

const said = (detail: string): StageResult => ({
  detail,
  tail: [`${detail}`],
  log: sampleArtifact(`logs/${detail.replaceAll(' ', '-')}`),
});

/** Everything succeeds, at once. */
const allGood: Steps = {
  check_for_changes: async () => ({
    commit: { sha: sampleCommit, subject: 'Answer faster', author: 'Joan' },
    changed: true,
  }),
  terraform_init: async () => ({ ...said('state in local'), revision: sampleFiles }),
  refresh_repo: async () => said('3f2a91c checked out'),
  install_packages: async () => said('12 packages'),
  perform_tests: async () => said('42 tests passed'),
  build_image: async ({ target }) => ({ ...said('built'), image: `${target.name}:3f2a91c` }),
  terraform_plan: async ({ attempt }) => ({
    ...said('2 to add, 1 to change'),
    plan: samplePlan(`${attempt}`),
  }),
  evaluate_policy: async ({ plan }) => ({
    verdict: { outcome: 'pass', violations: [] },
    digest: `digest-${plan.file.sha256.slice(0, 8)}`,
  }),
  terraform_apply: async () => ({
    ...said('2 added, 1 changed, 0 destroyed'),
    applied: { added: 2, changed: 1, destroyed: 0, done: 3, total: 3, finished: ['aws_instance.web'] },
  }),
  look_for_drift: async () => ({ kind: 'in_sync' }),
  terraform_output: async () => ({
    outputs: [{ name: 'url', sensitive: false, value: 'https://web.example.com' }],
  }),
};

/** Activities that do what the script of the run's service says. */
export const createFakeActivities = (
  scriptOf: (service: string) => Script,
  environment: EnvironmentActivities & RunActivities,
) => {
  const scripted = Object.fromEntries(
    (Object.keys(allGood) as (keyof typeof allGood)[]).map((name) => [
      name,
      (input: { target: ServiceTarget }) => {
        const step = scriptOf(input.target.name)[name] ?? allGood[name];
        return (step as (input: unknown) => Promise<unknown>)(input);
      },
    ]),
  );
  const working = {
    ...scripted,
    resolve_target: async ({ service, environment: to }: { service: string; environment: string }) => {
      await scriptOf(service).resolve?.();
      return { ...sampleTarget(service, to), ...scriptOf(service).target };
    },
    resolve_stack: async ({ stack }: { stack: string }) => {
      await scriptOf(stack).resolve?.();
      return { ...sampleStack(stack), ...scriptOf(stack).stack };
    },
    enter_environment: environment.enterEnvironment,
    find_open_runs: environment.findOpenRuns,
    find_holders: environment.findHolders,
  };
  return working as unknown as Working & Registered<EnvironmentActivities>;
};

/** What the bot would do, for the script of the run's service. */
export const createFakeChat = (
  tell: (notice: RunNotification) => void | Promise<void>,
  report: (report: DriftReport) => void | Promise<void>,
): Registered<ChatActivities> => ({
  notify_users: async (notice) => tell(notice),
  report_drift: async (news) => report(news),
});

/** A stage that runs until it is let go, heartbeating, and that a cancellation stops. */
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
