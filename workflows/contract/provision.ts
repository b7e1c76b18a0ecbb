import type { Conversation } from './conversation.ts';
import type { Person } from './person.ts';
import type { RunView } from './run-view.ts';

/** Input of the workflow `provision`. It names a stack, never a directory, a variable or an approver. */
export interface ProvisionInput {
  readonly stack: string;
  /** Destroy everything that the stack has made. */
  readonly destroy?: boolean;
  readonly requestedBy: Person;
  /** Where it was asked, and so where it is answered. */
  readonly conversation?: Conversation;
}

/** Type of the workflow function, for clients that start it by name. */
export type Provision = (input: ProvisionInput) => Promise<RunView>;

export const provisionWorkflowType = 'provision';

/** Workflow id of a provision. */
export const provisionWorkflowId = (stack: string, uuid: string): string => `provision-${stack}-${uuid}`;
