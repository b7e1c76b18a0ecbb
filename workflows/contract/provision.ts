import type { Conversation } from './conversation.ts';
import type { Person } from './person.ts';
import type { RunView } from './run-view.ts';

/** Input of the workflow `provision`. It names a stack, never a directory, a variable or an approver. */
export interface ProvisionInput {
  readonly stack: string;
  /** True: destroy every resource of the stack. */
  readonly destroy?: boolean;
  readonly requestedBy: Person;
  /** Where it was requested, and where the bot answers. */
  readonly conversation?: Conversation;
}

/** Type of the workflow function, for clients that start it by name. Fails and returns as `Deploy` does. */
export type Provision = (input: ProvisionInput) => Promise<RunView>;

/** The name under which the workflow is registered. */
export const provisionWorkflowType = 'provision';

/** Workflow ID of a run that provisions or destroys a stack. */
export const provisionWorkflowId = (stack: string, uuid: string): string => `provision-${stack}-${uuid}`;
