import type { ApplyResult } from './activities.ts';
import type { ArtifactRef } from './artifact.ts';
import type { StageName } from './stage.ts';

/**
 * The types of `ApplicationFailure` that activities throw. The message says what was being done
 * and what went wrong; `hint` says what to do. Only what can succeed later is retryable.
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
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** First element of an `ApplicationFailure`'s details. */
export interface FailureDetails {
  /** What to do about it, one sentence, or null. */
  readonly hint: string | null;
  /** Last log lines, secrets scrubbed; at most 20. */
  readonly tail: readonly string[];
  readonly log: ArtifactRef | null;
  /** Only of an apply that began: what was done before it stopped. */
  readonly applied?: ApplyResult;
}

/** Why a run failed, as a card shows it. */
export interface FailureView extends FailureDetails {
  readonly stage: StageName;
  readonly type: string;
  readonly message: string;
}
