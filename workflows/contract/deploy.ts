import type { Conversation } from './conversation.ts';
import type { Person } from './person.ts';
import type { RunView } from './run-view.ts';

/** Input of the workflow `deploy`. It names a service, never a command, a directory or an approver. */
export interface DeployInput {
  readonly service: string;
  readonly environment: string;
  /** Branch, tag or commit; the catalog's branch when absent. */
  readonly ref?: string;
  /** Deploy although nothing changed. */
  readonly force?: boolean;
  readonly requestedBy: Person;
  /** Where it was asked, and so where it is answered. */
  readonly conversation?: Conversation;
}

/** Type of the workflow function, for clients that start it by name. */
export type Deploy = (input: DeployInput) => Promise<RunView>;

export const deployWorkflowType = 'deploy';

/** Workflow id of a deployment. */
export const deployWorkflowId = (uuid: string): string => `total-build-${uuid}`;
