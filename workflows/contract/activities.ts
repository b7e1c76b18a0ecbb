import type { ArtifactRef } from './artifact.ts';
import type { DriftFinding, DriftReport } from './drift.ts';
import type { AppliedRecord, LockRequest } from './environment.ts';
import type { SavedPlan } from './plan.ts';
import type { PolicyVerdict } from './policy.ts';
import type { EnvironmentKey, ServiceTarget, StackTarget, Target } from './target.ts';

/** A commit that a run deploys. */
export interface Commit {
  /** Forty hex digits. */
  readonly sha: string;
  readonly subject: string;
  readonly author: string;
}

/** What every stage that runs a command returns. */
export interface StageResult {
  /** One short line for the card. */
  readonly detail: string;
  readonly tail: readonly string[];
  readonly log: ArtifactRef | null;
}

/** Where Terraform works: enough for any worker to make the workspace again. */
export interface TerraformInput {
  /** Workflow id; artifacts are kept under it. */
  readonly workflowId: string;
  /** Counts the times the stage was begun in this run, from 1. */
  readonly attempt: number;
  readonly target: Target;
  /** Names the code: a service's commit (40 hex digits), or the digest of a stack's files (64). */
  readonly revision: string;
  /** Plan to destroy everything. */
  readonly destroy?: boolean;
}

/** Where a stage of a deployment works. */
export interface StageInput extends TerraformInput {
  readonly target: ServiceTarget;
}

/** Result of `terraform_apply`, also of one that stopped half-way. */
export interface ApplyResult {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  /** Resources finished and resources planned. */
  readonly done: number;
  readonly total: number;
  /** Addresses finished, capped at 50. */
  readonly finished: readonly string[];
}

/** One Terraform output; `value` is null where Terraform marks it sensitive or it is not a scalar. */
export interface OutputValue {
  readonly name: string;
  readonly sensitive: boolean;
  readonly value: string | null;
}

/** What a running activity heartbeats: seen by `describe`, never written into the history. */
export interface StageProgress {
  readonly done: number | null;
  readonly total: number | null;
  /** Last lines, secrets scrubbed; at most 5. */
  readonly lines: readonly string[];
}

/** What every run does, whatever it runs. Each may run twice, and on another worker than the one before. */
export interface RunActivities {
  /** Puts a run into its environment's queue, starting the queue when it is not there. */
  enterEnvironment(input: EnvironmentKey & { request: LockRequest }): Promise<void>;
}

/** From the plan to the outputs: the same for deployments and provisions. */
export interface TerraformActivities {
  /** init and plan; the plan file, its text and the lock file go to the artifact store. */
  terraformPlan(input: TerraformInput): Promise<StageResult & { plan: SavedPlan }>;
  /** Judges the plan and binds plan file, commit, lock file and verdict into the digest that people approve. */
  evaluatePolicy(
    input: TerraformInput & { plan: SavedPlan },
  ): Promise<{ verdict: PolicyVerdict; digest: string }>;
  /** Applies exactly the saved plan after checking its digest. Never retried blindly. */
  terraformApply(
    input: TerraformInput & { plan: SavedPlan; verdict: PolicyVerdict; digest: string },
  ): Promise<StageResult & { applied: ApplyResult }>;
  terraformOutput(input: TerraformInput): Promise<{ outputs: readonly OutputValue[] }>;
}

/** Activities of `infra-provisioning` alone. */
export interface ProvisionActivities extends RunActivities, TerraformActivities {
  /** Local. Reads the catalog; refuses an unknown stack with the nearest match. */
  resolveStack(input: { stack: string }): Promise<StackTarget>;
  /** Copies the stack's files, says which they are, and initialises the copy. */
  terraformInit(
    input: Omit<TerraformInput, 'revision'> & { target: StackTarget },
  ): Promise<StageResult & { revision: string }>;
}

/** Activities of `cicd-queue`; registered under their snake_case names. */
export interface DeployActivities extends RunActivities, TerraformActivities {
  /** Local. Reads the catalog; refuses an unknown service or environment with the nearest match. */
  resolveTarget(input: { service: string; environment: string }): Promise<ServiceTarget>;
  /** Resolves the ref to a commit and compares it with what was last applied. */
  checkForChanges(input: {
    target: ServiceTarget;
    ref: string | null;
    lastApplied: AppliedRecord | null;
  }): Promise<{ commit: Commit; changed: boolean }>;
  /** Clones once, fetches, and makes the worktree of the commit. */
  refreshRepo(input: StageInput): Promise<StageResult>;
  installPackages(input: StageInput): Promise<StageResult>;
  performTests(input: StageInput): Promise<StageResult>;
  /** `image` is the reference that was built, or null when nothing was to be built. */
  buildImage(input: StageInput): Promise<StageResult & { image: string | null }>;
}

/** Activity of the workflow `drift`, on the queue of provisions. */
export interface DriftActivities {
  /** Plans the stack in a copy of its own, without a lock: nothing waits for it, and nothing is stored. */
  lookForDrift(input: { workflowId: string; target: StackTarget }): Promise<DriftFinding>;
}

/** What became of the runs in a queue. */
interface OpenRunsResult {
  readonly open: readonly string[];
  /** Closed with an apply begun and not recorded, also when they could not be asked. */
  readonly cutShort: readonly string[];
}

/** Activities of the environment's queue. */
export interface EnvironmentActivities {
  /** Which of these runs are still open, by asking the server; of the others, which may have begun to apply. */
  findOpenRuns(input: { workflowIds: readonly string[] }): Promise<OpenRunsResult>;
  /** Open runs of this environment that hold it: for a queue that was started afresh. */
  findHolders(input: EnvironmentKey): Promise<readonly string[]>;
}

/** What `notify_users` is told: the run has something new to show. The bot asks Temporal what. */
export interface RunNotification {
  readonly workflowId: string;
  readonly kind: 'opened' | 'question' | 'reminder' | 'decided' | 'finished';
}

/** Activities of `chat`, polled by the bot. */
export interface ChatActivities {
  /** Draws the run's present state in every conversation that follows it. Harmless to repeat. */
  notifyUsers(notice: RunNotification): Promise<void>;
  /** Posts news of a stack's drift wherever it is followed. What a conversation has heard is not repeated. */
  reportDrift(report: DriftReport): Promise<void>;
}
