import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { StageInput } from '../../../workflows/contract/activities.ts';
import type { ArtifactRef } from '../../../workflows/contract/artifact.ts';
import type { FailureDetails } from '../../../workflows/contract/failure.ts';
import type { SavedPlan } from '../../../workflows/contract/plan.ts';
import type { ServiceTarget } from '../../../workflows/contract/target.ts';
import { createArtifactStore } from '../../artifacts/create-artifact-store.ts';
import { createPolicyActivities } from '../../policy/policy-activities.ts';
import { createWasmEngine } from '../../policy/shipped-policy.ts';
import type { ProcessEnv } from '../../process/process-env.ts';
import { createRunCommand } from '../../process/run-command.ts';
import { createTerraformActivities } from '../terraform-activities.ts';
import type { TerraformDependencies } from '../workspace.ts';

const header = 'terraform {\n  backend "local" {}\n}\n';

/** The failure of an activity, as a workflow receives it. */
export interface CaughtFailure {
  readonly type: string | null | undefined;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: FailureDetails;
}

/** Logs errors only: activities that fail on purpose would fill the log. */
export const createActivityEnvironment = (info: { attempt?: number } = {}): MockActivityEnvironment =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });

/** Real Terraform, a real artifact store and a separate worktree, for one test. */
export const createTerraformFixture = async (
  worker: ProcessEnv,
  overrides: Partial<TerraformDependencies> = {},
) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-terraform-test-'));
  const worktree = join(folder, 'worktree');
  const code = join(worktree, 'infra');
  await mkdir(code, { recursive: true });
  const artifacts = createArtifactStore(`file:${join(folder, 'artifacts')}`, {});
  const env = {
    PATH: worker.PATH,
    HOME: worker.HOME,
    // Some machines have this setting with the path of a missing file.
    TF_CLI_CONFIG_FILE: join(folder, 'no-such-terraformrc'),
    ...overrides.env,
  };
  const deps: TerraformDependencies = {
    runCommand: createRunCommand({ artifacts, env }),
    artifacts,
    checkout: async () => worktree,
    terraformBin: null,
    lockTimeout: '0s',
    ...overrides,
    env,
  };
  const activities = {
    ...createTerraformActivities(deps),
    ...createPolicyActivities({ artifacts, engine: await createWasmEngine() }),
  };

  const input = (
    terraform: Partial<NonNullable<ServiceTarget['terraform']>> = {},
    target: Partial<ServiceTarget> = {},
  ) =>
    ({
      workflowId: 'total-build-test',
      attempt: 1,
      revision: '3f2a91c0'.repeat(5),
      target: {
        kind: 'service',
        name: 'web',
        environment: 'production',
        repo: worktree,
        branch: 'main',
        install: null,
        test: null,
        image: { name: 'web', dockerfile: 'Dockerfile', builder: 'auto' },
        terraform: {
          directory: 'infra',
          backend: { path: join(folder, 'web.tfstate') },
          variables: {},
          ...terraform,
        },
        approval: null,
        override: { required: 1, approvers: [], selfApproval: false, timeoutMs: 600_000 },
        policy: { maxDestroys: null, reviewDestroysAbove: 5, protected: [] },
        notify: [],
        ...target,
      },
    }) satisfies StageInput;

  const inActivity = <T>(work: () => Promise<T>, environment = createActivityEnvironment()): Promise<T> =>
    environment.run(work) as Promise<T>;

  const plan = (given: StageInput = input()) => inActivity(() => activities.terraformPlan(given));
  const approve = async (saved: SavedPlan, given: StageInput = input()) => ({
    ...given,
    plan: saved,
    ...(await activities.evaluatePolicy({ ...given, plan: saved })),
  });

  return {
    folder,
    code,
    worktree,
    artifacts: deps.artifacts,
    activities,
    deps,
    input,
    inActivity,
    plan,
    approve,
    /** Replaces the Terraform code; the backend block is added. */
    write: (text: string, name = 'main.tf') => writeFile(join(code, name), header + text),
    writeBare: (text: string) => writeFile(join(code, 'main.tf'), text),
    async apply(saved: SavedPlan, given: StageInput = input()) {
      const approved = await approve(saved, given);
      return inActivity(() => activities.terraformApply(approved));
    },
    async applyAll(given: StageInput = input()) {
      const { plan: saved } = await plan(given);
      return this.apply(saved, given);
    },
    async read(ref: ArtifactRef | null | undefined): Promise<string> {
      if (!ref) throw new Error('reading an artifact: the reference is missing');
      const parts: Buffer[] = [];
      for await (const part of await deps.artifacts.open(ref)) parts.push(part);
      return Buffer.concat(parts).toString();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** The failure with which a promise rejects. Rejects when the promise resolves. */
export const catchFailure = async (promise: Promise<unknown>): Promise<CaughtFailure> => {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw error;
  return {
    type: error.type,
    message: error.message,
    retryable: !error.nonRetryable,
    details: error.details?.[0] as FailureDetails,
  };
};
