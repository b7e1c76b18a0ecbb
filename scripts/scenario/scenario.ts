import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Provision } from '../../workflows/contract/provision.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { StateServer } from './state-server.ts';

/** A run of a stack. */
export type Run = WorkflowHandle<Provision>;

/** What a scenario uses. */
export interface ScenarioContext {
  readonly client: Client;
  say(line: string): void;
  /** Prints a command of Temporal's CLI that shows the same. */
  showCommand(command: string, run?: Run): void;
  /** Starts a worker with the project's code, or with a bug added to it. Stops the previous worker. */
  startWorker(code?: 'fixed' | 'broken'): Promise<void>;
  provision(stack: string): Promise<Run>;
  /** Prints what the run does until it has this status. Throws when the run ends with another status. */
  waitFor(run: Run, status: RunStatus): Promise<RunView>;
  readonly stateServer: Pick<StateServer, 'fail' | 'refused'>;
}

/** Runs a scenario. Throws when a run behaves differently than expected. */
export type Scenario = (scene: ScenarioContext) => Promise<void>;

/** The requester and the approver. */
export const ada = { id: 'ada@example.com', name: 'Ada Lovelace' };
export const linus = { id: 'linus@example.com', name: 'Linus' };

/** Throws when a run behaves differently than expected. */
export const assert: (holds: boolean, what: string) => asserts holds = (holds, what) => {
  if (!holds) throw new Error(`unexpected result: ${what}`);
};
