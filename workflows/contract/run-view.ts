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

/** The plan as a run holds it. */
export interface RunPlan {
  readonly summary: PlanSummary;
  readonly text: ArtifactRef;
  readonly digest: string;
}

/** What a run does: deploy a service, provision a stack, or destroy one. */
export type RunKind = 'deploy' | 'provision' | 'destroy';

/** Everything a card shows of a run, as Temporal holds it. Times are milliseconds since the epoch. */
export interface RunView extends RunSubject {
  readonly workflowId: string;
  readonly kind: RunKind;
  /** What was asked for, or null for the service's branch. */
  readonly ref: string | null;
  readonly force: boolean;
  readonly commit: Commit | null;
  readonly requestedBy: Person;
  readonly conversation: Conversation | null;
  readonly audiences: readonly Audience[];
  readonly askedAt: number;
  readonly endedAt: number | null;
  readonly status: RunStatus;
  readonly progress: number;
  readonly queue: QueuePosition | null;
  readonly stages: readonly StageView[];
  readonly image: string | null;
  readonly plan: RunPlan | null;
  readonly policy: PolicyVerdict | null;
  readonly approval: ApprovalView | null;
  readonly applied: ApplyResult | null;
  /** The fresh plan made after an aborted apply: what is still to do. */
  readonly remaining: RunPlan | null;
  readonly outputs: readonly OutputValue[];
  readonly failure: FailureView | null;
  readonly events: readonly RunEvent[];
  /** A failed run can be resumed until then; null when it cannot. */
  readonly retryUntil: number | null;
}
