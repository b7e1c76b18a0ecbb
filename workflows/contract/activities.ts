import type { ArtifactRef } from './artifact.ts';
import type { DriftFinding, DriftReport } from './drift.ts';
import type { AppliedRecord, LockRequest } from './environment.ts';
import type { SavedPlan } from './plan.ts';
import type { PolicyVerdict } from './policy.ts';
import type { EnvironmentKey, ServiceTarget, StackTarget, Target } from './target.ts';

// Activities are registered under their snake_case names: `terraformPlan` is `terraform_plan`. Each can run more than
// once and on another worker than before, so each is safe to repeat. A failure is an `ApplicationFailure` whose type is
// one of `failureTypes`, and whose first detail is a `FailureDetails`. "Retried" means that Temporal retries.
//
// Every activity that runs a command heartbeats a `StageProgress`, and can also fail with:
// - `Interrupted`, retried: the worker stops. `terraform_apply` is the exception: its attempts are limited to one.
// - `CommandNotFound`, not retried: the program is not installed on the worker.
// - `StorageFailed`: the disk or the artifact store failed, retried; a stored file is gone or damaged, not retried.

/** A git commit that a run deploys. */
export interface Commit {
  /** 40 hex digits. */
  readonly sha: string;
  /** First line of the commit message, at most 120 characters. */
  readonly subject: string;
  readonly author: string;
}

/** Result of every stage that runs a command. */
export interface StageResult {
  /** One short line for the card, for example "42 tests passed". */
  readonly detail: string;
  /** The last lines of the output with secrets redacted: at most 20, each at most 200 characters. */
  readonly tail: readonly string[];
  /** The complete output in the artifact store; null when the stage stored none. */
  readonly log: ArtifactRef | null;
}

/** Input of every Terraform stage: enough for any worker to create the workspace again. */
export interface TerraformInput {
  /** The run. Artifacts are stored under this ID. */
  readonly workflowId: string;
  /** How many times the run has started this stage, from 1. Retries by Temporal do not count. */
  readonly attempt: number;
  readonly target: Target;
  /** Identifies the code: a service's commit (40 hex digits), or the digest of a stack's files (64). */
  readonly revision: string;
  /** True: plan to destroy every resource. */
  readonly destroy?: boolean;
}

/** Input of the stages that only a deployment has. */
export interface StageInput extends TerraformInput {
  readonly target: ServiceTarget;
}

/** Result of `terraform_apply`, also of an interrupted one. */
export interface ApplyResult {
  /** Resources that Terraform created. A replacement counts here and in `destroyed`. */
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  /** Resources that are finished, of `total` planned ones. */
  readonly done: number;
  readonly total: number;
  /** Addresses of finished resources, at most 50. */
  readonly finished: readonly string[];
}

/** One Terraform output. */
export interface OutputValue {
  readonly name: string;
  /** True when Terraform marks the output as sensitive. */
  readonly sensitive: boolean;
  /** At most 200 characters; null for a sensitive output and for a list or an object. */
  readonly value: string | null;
}

/** Heartbeat of an activity that runs a command. Temporal's describe shows it; it is not in the history. */
export interface StageProgress {
  /** Finished units, for example resources; null while unknown. */
  readonly done: number | null;
  readonly total: number | null;
  /** The last lines of the output with secrets redacted, at most 5. */
  readonly lines: readonly string[];
}

/** Activities of every kind of run. */
export interface RunActivities {
  /**
   * Queues a run for the lock of its environment, and starts the `environment` workflow when it is not running.
   * A local activity. Repeating a request keeps the queue position.
   * @throws an error without a type when Temporal does not answer; retried without a limit.
   */
  enterEnvironment(input: EnvironmentKey & { request: LockRequest }): Promise<void>;
}

/**
 * The Terraform stages of deployments and provisions. Before Terraform runs, each can fail with:
 * - `TerraformMissing`, `MissingCredentials`, `NoBackend`, `CatalogInvalid`, `PlanFailed` (no such folder): not retried.
 * - `InitFailed`: retried after a network or service error, otherwise not.
 * - `NoSuchRef`, `RepositoryUnavailable` (a service's commit has to be fetched again): as in `checkForChanges`.
 * - `StalePlan`, not retried: a stack's files changed after `terraform_init`. The run makes a new plan.
 */
export interface TerraformActivities {
  /**
   * Runs init and plan. Stores the plan file, its text, its JSON and the provider lock file. At most 3 attempts.
   * @throws `StateLocked`, retried. `PlanFailed`, retried after a network or service error, otherwise not.
   * `PlanMismatch`, not retried: the provider lock file does not fit the code.
   */
  terraformPlan(input: TerraformInput): Promise<StageResult & { plan: SavedPlan }>;
  /**
   * Evaluates the policy. Binds plan file, revision, provider lock file and verdict into the digest that people
   * approve: 64 hex digits. At most 4 attempts.
   * @throws `PolicyFailed`: retried when the policy engine does not answer; not when it gives no valid verdict.
   */
  evaluatePolicy(
    input: TerraformInput & { plan: SavedPlan },
  ): Promise<{ verdict: PolicyVerdict; digest: string }>;
  /**
   * Applies the saved plan after checking its digest. One attempt: Temporal never retries an apply.
   * `FailureDetails.applied` says how far it came, once Terraform started. A cancellation is also thrown as `Interrupted`,
   * because a `CancelledFailure` would lose these numbers.
   * @throws `StalePlan` (the state changed after the plan), `PlanMismatch` (not the approved plan file),
   * `PolicyViolation` (hard), `StateLocked`, `ApplyFailed`, `Interrupted`.
   */
  terraformApply(
    input: TerraformInput & { plan: SavedPlan; verdict: PolicyVerdict; digest: string },
  ): Promise<StageResult & { applied: ApplyResult }>;
  /**
   * Reads the outputs after an apply, with secrets redacted. At most 4 attempts.
   * @throws `PlanFailed`, retried: Terraform could not read the state.
   */
  terraformOutput(input: TerraformInput): Promise<{ outputs: readonly OutputValue[] }>;
}

/** Activities of the task queue `infra-provisioning`. */
export interface ProvisionActivities extends RunActivities, TerraformActivities {
  /**
   * Reads the stack from the worker's catalog. A local activity.
   * @throws `UnknownStack` (the hint names the closest match), `CatalogInvalid`: not retried.
   */
  resolveStack(input: { stack: string }): Promise<StackTarget>;
  /**
   * Copies the files of the stack and of its local modules, computes their digest, and runs init in the copy.
   * At most 4 attempts.
   * @throws `InitFailed`: retried after a network or service error; not when the stack's folder is missing or a module is
   * outside the catalog's folder.
   */
  terraformInit(
    input: Omit<TerraformInput, 'revision'> & { target: StackTarget },
  ): Promise<StageResult & { revision: string }>;
}

/** Activities of the task queue `cicd-queue`. */
export interface DeployActivities extends RunActivities, TerraformActivities {
  /**
   * Reads the service and its environment from the worker's catalog. A local activity. An empty environment means
   * the service's first one.
   * @throws `UnknownService`, `UnknownEnvironment` (the hint names the closest match), `CatalogInvalid`: not retried.
   */
  resolveTarget(input: { service: string; environment: string }): Promise<ServiceTarget>;
  /**
   * Resolves a ref to a commit (null: the service's branch). `changed` is false when this commit was applied last.
   * At most 4 attempts.
   * @throws `NoSuchRef`, not retried. `RepositoryUnavailable`: retried after a network error or an unknown git error; not
   * when git refuses the credentials, or the repository does not exist.
   */
  checkForChanges(input: {
    target: ServiceTarget;
    ref: string | null;
    lastApplied: AppliedRecord | null;
  }): Promise<{ commit: Commit; changed: boolean }>;
  /**
   * Fetches the commit to this worker, and checks it out for every stage that needs it. Later stages repeat this on
   * a worker that lacks the commit, with the same failures. At most 4 attempts.
   * @throws `NoSuchRef`, `RepositoryUnavailable`: as in `checkForChanges`.
   */
  refreshRepo(input: StageInput): Promise<StageResult>;
  /**
   * Runs the service's install command, once per checkout. At most 3 attempts.
   * @throws `InstallFailed`, not retried.
   */
  installPackages(input: StageInput): Promise<StageResult>;
  /**
   * Runs the service's test command. Installs first on a worker that has not installed. At most 3 attempts.
   * @throws `TestsFailed`, `InstallFailed`: not retried.
   */
  performTests(input: StageInput): Promise<StageResult>;
  /**
   * Builds the image. `image` is its reference, `name:<first 12 digits of the commit>`; null when the service has none.
   * At most 3 attempts.
   * @throws `ImageFailed`: retried when the registry cannot be reached or the disk is full, otherwise not.
   */
  buildImage(input: StageInput): Promise<StageResult & { image: string | null }>;
}

/** Activity of the workflow `drift`, on the task queue of provisions. */
export interface DriftActivities {
  /**
   * Checks a stack for drift: plans it in a separate copy, without a state lock, and stores nothing. At most 3 attempts.
   * @throws the failures of `terraformPlan`, without `StateLocked`.
   */
  lookForDrift(input: { workflowId: string; target: StackTarget }): Promise<DriftFinding>;
}

/** Which of the runs in a queue are still open, and which of the closed ones can have interrupted an apply. */
interface OpenRunsResult {
  readonly open: readonly string[];
  /** Closed runs whose apply started and was not recorded, and closed runs that did not answer. */
  readonly cutShort: readonly string[];
}

/**
 * Activities of the workflow `environment`. They fail with an error without a type when Temporal does not answer;
 * a missing answer is never taken for "closed".
 */
export interface EnvironmentActivities {
  /** Asks Temporal which runs are open. A local activity; at most 3 attempts, then the next check asks again. */
  findOpenRuns(input: { workflowIds: readonly string[] }): Promise<OpenRunsResult>;
  /**
   * IDs of the open runs that hold the environment lock (status running, awaiting_approval or applying), for a queue
   * that lost its state. The `environment` workflow retries without a limit, the `drift` workflow at most 4 times.
   */
  findHolders(input: EnvironmentKey): Promise<readonly string[]>;
}

/**
 * Input of `notify_users`: the run has something new to show. The bot reads what from the run.
 * `opened`: it started or resumed. `question`: it requests approval. `reminder`: the request expires soon.
 * `decided`: it is approved. `finished`: it ended, or its retry window closed.
 */
export interface RunNotification {
  readonly workflowId: string;
  readonly kind: 'opened' | 'question' | 'reminder' | 'decided' | 'finished';
}

/**
 * Activities of the task queue `chat`, which the bot polls. Both fail until every conversation has the notification;
 * a repeat skips the conversations that have it.
 */
export interface ChatActivities {
  /**
   * Shows the run's current state in every conversation that follows it.
   * @throws `ChatUnavailable`; retried without a limit. After a rate limit, the chat sets the delay of the next retry.
   */
  notifyUsers(notice: RunNotification): Promise<void>;
  /**
   * Posts a drift report in every conversation that follows the stack.
   * @throws `ChatUnavailable`; retried for one hour. Then the next drift check reports again.
   */
  reportDrift(report: DriftReport): Promise<void>;
}
