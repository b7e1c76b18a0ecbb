import type { ApplyResult, Commit, OutputValue } from './activities.ts';
import type { ArtifactRef } from './artifact.ts';
import type { Audience, Conversation } from './conversation.ts';
import type { ApprovalView } from './decision.ts';
import type { QueuePosition } from './environment.ts';
import type { FailureView } from './failure.ts';
import type { Person } from './person.ts';
import type { PlanSummary } from './plan.ts';
import type { PolicyVerdict } from './policy.ts';
import type { RunEvent } from './run-event.ts';
import type { RunStatus } from './run-status.ts';
import type { StageView } from './stage.ts';
import type { RunSubject } from './target.ts';

/** The Terraform plan of a run, as cards show it. */
export interface RunPlan {
  readonly summary: PlanSummary;
  /** The text of `terraform show`, with secrets redacted. */
  readonly text: ArtifactRef;
  /** Identifies the plan in decisions: 64 hex digits. */
  readonly digest: string;
}

/** What a run does: deploy a service, provision a stack, or destroy one. */
export type RunKind = 'deploy' | 'provision' | 'destroy';

/** The state of a run, as the workflow holds it and cards show it. Times are milliseconds since the epoch. */
export interface RunView extends RunSubject {
  readonly workflowId: string;
  readonly kind: RunKind;
  /** The requested branch, tag or commit; null for the service's branch, and for a stack. */
  readonly ref: string | null;
  /** True: deploy even when nothing changed. */
  readonly force: boolean;
  /** The commit that a deployment resolved; null before that, and for a stack. */
  readonly commit: Commit | null;
  readonly requestedBy: Person;
  /** Where the run was requested, and where the bot answers; null for a run without a conversation. */
  readonly conversation: Conversation | null;
  /** Conversations that the catalog lists for the service or the stack. */
  readonly audiences: readonly Audience[];
  /** When the run was requested. */
  readonly askedAt: number;
  /** When the latest attempt ended; null while the run works or waits. */
  readonly endedAt: number | null;
  readonly status: RunStatus;
  /** Percent, 0 to 100. 100 only when the run succeeded or found no changes. */
  readonly progress: number;
  /** The position in the environment's queue; null when the run is not in it. */
  readonly queue: QueuePosition | null;
  /** One row for each stage, in order. */
  readonly stages: readonly StageView[];
  /** Reference of the built image; null without one. */
  readonly image: string | null;
  readonly plan: RunPlan | null;
  readonly policy: PolicyVerdict | null;
  /** The approval request of the current plan; null when there is none. */
  readonly approval: ApprovalView | null;
  /** What Terraform applied, also in an apply that was interrupted; null when it did not start. */
  readonly applied: ApplyResult | null;
  /** After an interrupted apply: a new plan of the remaining changes. */
  readonly remaining: RunPlan | null;
  readonly outputs: readonly OutputValue[];
  /** Why the latest attempt failed; null otherwise. */
  readonly failure: FailureView | null;
  readonly events: readonly RunEvent[];
  /** Until when a failed run can be resumed; null when it cannot. */
  readonly retryUntil: number | null;
}
