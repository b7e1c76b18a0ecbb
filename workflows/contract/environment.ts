import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Person } from './person.ts';
import type { EnvironmentKey, RunSubject } from './target.ts';

/** What a deployment left behind. `at` is milliseconds since the epoch. */
export interface AppliedRecord {
  readonly workflowId: string;
  /** The commit of a service, or the digest of a stack's files. */
  readonly revision: string;
  readonly digest: string;
  readonly at: number;
  readonly requestedBy: Person;
  readonly approvedBy: readonly Person[];
}

/** A run that wants the environment. */
export interface LockRequest {
  readonly workflowId: string;
  readonly requestedBy: Person;
  readonly at: number;
  /** Counts the times that the run asked, from 1: one more with each retry. */
  readonly attempt?: number;
}

/** A run that gives the environment back. */
export interface LockRelease {
  readonly workflowId: string;
  readonly applied: AppliedRecord | null;
  /** An apply began and did not finish: what is out there is no commit's state. */
  readonly unfinished: boolean;
  /** Only of this request, and of no later one of the same run. */
  readonly attempt?: number;
}

/** What a run is told when its turn has come. */
export interface LockGrant {
  readonly lastApplied: AppliedRecord | null;
  readonly unfinished: boolean;
  /** Of the request that it answers: a turn that comes late is not for the next one. */
  readonly attempt?: number;
}

/** Where a waiting run stands; 1 is next. */
export interface QueuePosition {
  readonly position: number;
  readonly holder: LockRequest | null;
}

/** The environment as people see it. */
export interface EnvironmentView extends RunSubject {
  readonly holder: LockRequest | null;
  readonly waiting: readonly LockRequest[];
  /** Newest first; at most 10. */
  readonly applied: readonly AppliedRecord[];
  /** The newest apply was cut short, so `applied[0]` is not all of what is out there. */
  readonly unfinished: boolean;
}

/** Input of the workflow `environment`; `state` is carried from one continuation to the next. */
export interface EnvironmentInput extends EnvironmentKey {
  readonly state?: EnvironmentView;
}

/** Id of the one workflow that keeps an environment. */
export const environmentWorkflowId = (service: string, environment: string): string =>
  `environment-${service}-${environment}`;

/** Run to environment. */
export const lockRequestedSignal = defineSignal<[LockRequest]>('enter');
export const lockReleasedSignal = defineSignal<[LockRelease]>('leave');
/** Environment to run. */
export const lockGrantedSignal = defineSignal<[LockGrant]>('turn');
export const queuePositionSignal = defineSignal<[QueuePosition]>('queue_place');

export const environmentQuery = defineQuery<EnvironmentView>('get_environment');
