import type { ApplyResult } from './activities.ts';
import type { ArtifactRef } from './artifact.ts';
import type { StageName } from './stage.ts';

/**
 * Types of `ApplicationFailure` that activities and workflows throw. The message names the operation and the
 * problem; `hint` names the next step. Activities retry only what can succeed later.
 */
export const failureTypes = {
  unknownService: 'UnknownService',
  unknownEnvironment: 'UnknownEnvironment',
  unknownStack: 'UnknownStack',
  catalogInvalid: 'CatalogInvalid',
  noSuchRef: 'NoSuchRef',
  repositoryUnavailable: 'RepositoryUnavailable',
  commandNotFound: 'CommandNotFound',
  installFailed: 'InstallFailed',
  testsFailed: 'TestsFailed',
  imageFailed: 'ImageFailed',
  terraformMissing: 'TerraformMissing',
  missingCredentials: 'MissingCredentials',
  noBackend: 'NoBackend',
  initFailed: 'InitFailed',
  planFailed: 'PlanFailed',
  stateLocked: 'StateLocked',
  stalePlan: 'StalePlan',
  planMismatch: 'PlanMismatch',
  applyFailed: 'ApplyFailed',
  policyViolation: 'PolicyViolation',
  policyFailed: 'PolicyFailed',
  storageFailed: 'StorageFailed',
  interrupted: 'Interrupted',
  timedOut: 'TimedOut',
  /** A workflow was started with an invalid input. Never retried. */
  badInput: 'BadInput',
  /** A chat did not accept a notification. Retried by Temporal. */
  chatUnavailable: 'ChatUnavailable',
  /** A failure without a type, or a state that the code rules out. */
  unexpected: 'Unexpected',
} as const;

/** One of the values of `failureTypes`. */
export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/**
 * Types of `ApplicationFailure` with which a run refuses an update. A refused update changes nothing and is not in
 * the history. The message is a sentence for the person who made the request.
 */
export const refusalTypes = {
  /** This person has no right to do that. */
  notAllowed: 'NotAllowed',
  /** The run is in a state in which that is not possible. */
  notWaiting: 'NotWaiting',
  /** The person saw another plan than the current one. */
  stalePlan: 'StalePlan',
  /** The approval request expired. */
  expired: 'Expired',
  /** A denial, or an approval against the policy, needs a reason. */
  reasonMissing: 'ReasonMissing',
  /** The request names no person. */
  badRequest: 'BadRequest',
} as const;

/** One of the values of `refusalTypes`. */
export type RefusalType = (typeof refusalTypes)[keyof typeof refusalTypes];

/** First element of the `details` of an `ApplicationFailure`. */
export interface FailureDetails {
  /** The next step, one sentence; null when none is known. */
  readonly hint: string | null;
  /** The last log lines, at most 20, with secrets redacted. */
  readonly tail: readonly string[];
  readonly log: ArtifactRef | null;
  /** What an interrupted apply had done; absent when Terraform did not start. */
  readonly applied?: ApplyResult;
}

/** Why a run failed, as a card shows it. `type` is one of `failureTypes`, or the name of an unexpected error. */
export interface FailureView extends FailureDetails {
  readonly stage: StageName;
  readonly type: string;
  readonly message: string;
}
