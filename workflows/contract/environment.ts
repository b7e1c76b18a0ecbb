import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Person } from './person.ts';
import type { EnvironmentKey, RunSubject } from './target.ts';

/** The record of a completed apply, which the `environment` workflow keeps. */
export interface AppliedRecord {
  /** The run that applied. */
  readonly workflowId: string;
  /** The commit of a service (40 hex digits), or the digest of a stack's files (64). */
  readonly revision: string;
  /** The digest of the approved plan: 64 hex digits. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly requestedBy: Person;
  /** Empty when the plan needed no approval. */
  readonly approvedBy: readonly Person[];
}

/** A run's request for the lock of its environment. */
export interface LockRequest {
  readonly workflowId: string;
  readonly requestedBy: Person;
  /** When the attempt began, in milliseconds since the epoch. The queue is in this order. */
  readonly at: number;
  /** The number of the run's attempt, from 1; each retry is one more. Absent in messages of the first versions. */
  readonly attempt?: number;
}

/** A run releases the environment lock, or leaves the queue. */
export interface LockRelease {
  readonly workflowId: string;
  /** What the run applied; null when it applied nothing. */
  readonly applied: AppliedRecord | null;
  /** True: an apply was interrupted, so the infrastructure matches no revision. */
  readonly unfinished: boolean;
  /** Releases only the request of this attempt, not a later one of the same run. Absent: any request of the run. */
  readonly attempt?: number;
}

/** The environment lock is granted to a run. */
export interface LockGrant {
  /** The newest completed apply in this environment; null before the first. */
  readonly lastApplied: AppliedRecord | null;
  /** True: the newest apply was interrupted, so the run must plan even when its commit was applied last. */
  readonly unfinished: boolean;
  /** The attempt whose request is granted, so that a late grant is not taken for a later request. */
  readonly attempt?: number;
}

/** The position of a waiting run in its environment's queue. */
export interface QueuePosition {
  /** 1 is next. */
  readonly position: number;
  /** The run that holds the lock; null when none holds it. */
  readonly holder: LockRequest | null;
}

/** The state of an environment's lock. */
export interface EnvironmentView extends RunSubject {
  /** The run that holds the lock; null when the lock is free. */
  readonly holder: LockRequest | null;
  /** Waiting runs in order. */
  readonly waiting: readonly LockRequest[];
  /** Completed applies, newest first; at most 10. */
  readonly applied: readonly AppliedRecord[];
  /** True: the newest apply was interrupted, so `applied[0]` does not describe the infrastructure completely. */
  readonly unfinished: boolean;
}

/** Input of the workflow `environment`. `state` is what the workflow carries over when it continues as new. */
export interface EnvironmentInput extends EnvironmentKey {
  readonly state?: EnvironmentView;
}

/** ID of the workflow that holds the lock of an environment. A stack's environment is `stack`. */
export const environmentWorkflowId = (service: string, environment: string): string =>
  `environment-${service}-${environment}`;

// Lock protocol. A run sends `enter` and waits; the `environment` workflow answers with `queue_place` while other runs
// are ahead, and with `turn` when the run holds the lock. The run sends `leave` when its attempt ends, also when it was
// cancelled in the queue. Only workflows send these signals; the payloads carry the run's ID and attempt, so each signal
// can arrive twice or late without harm. Signals are not refused.

/** From a run (through the activity `enter_environment`) to its environment: requests the lock, or repeats the request. */
export const lockRequestedSignal = defineSignal<[LockRequest]>('enter');

/** From a run to its environment: releases the lock, or leaves the queue. Ignored when the run is in neither. */
export const lockReleasedSignal = defineSignal<[LockRelease]>('leave');

/** From an environment to a run: the run holds the lock now. A run that no longer waits releases it again. */
export const lockGrantedSignal = defineSignal<[LockGrant]>('turn');

/** From an environment to a waiting run: its position or the holder changed. Ignored by a run that does not wait. */
export const queuePositionSignal = defineSignal<[QueuePosition]>('queue_place');

/** The state of the lock. Any client may ask. Read the answer with `readEnvironmentView`, which accepts former names. */
export const environmentQuery = defineQuery<EnvironmentView>('get_environment');
