import type { Conversation } from './conversation.ts';
import type { Person } from './person.ts';
import type { RunView } from './run-view.ts';

/** Input of the workflow `deploy`. It names a service, never a command, a directory or an approver. */
export interface DeployInput {
  readonly service: string;
  readonly environment: string;
  /** Branch, tag or commit; absent: the service's branch in the catalog. */
  readonly ref?: string;
  /** Deploy even when nothing changed. */
  readonly force?: boolean;
  readonly requestedBy: Person;
  /** Where it was requested, and where the bot answers. */
  readonly conversation?: Conversation;
}

/**
 * Type of the workflow function, for clients that start it by name. Fails with the type of the stage's failure, or with
 * `BadInput` for an invalid input; a run without changes, denied, expired or cancelled by a person returns its view.
 */
export type Deploy = (input: DeployInput) => Promise<RunView>;

/** The name under which the workflow is registered. */
export const deployWorkflowType = 'deploy';

/** Workflow ID of a deployment. */
export const deployWorkflowId = (uuid: string): string => `total-build-${uuid}`;
