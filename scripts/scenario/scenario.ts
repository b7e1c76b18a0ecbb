import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Provision } from '../../workflows/contract/provision.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { StateServer } from './state-server.ts';

export type Run = WorkflowHandle<Provision>;

/** What a scenario is played with. */
export interface ScenarioContext {
  readonly client: Client;
  say(line: string): void;
  /** A command of Temporal's CLI, for whoever wants to see it with their own eyes. */
  show(command: string, run?: Run): void;
  /** Starts a worker: ours, or a copy of it with a bug. Ends the one before. */
  work(code?: 'mended' | 'broken'): Promise<void>;
  provision(stack: string): Promise<Run>;
  /** Tells what the run does until it has this status; throws when it ends otherwise. */
  until(run: Run, status: RunStatus): Promise<RunView>;
  readonly stateServer: Pick<StateServer, 'fail' | 'refused'>;
}

/** Plays a scenario; throws when anything goes another way than it should. */
export type Scenario = (scene: ScenarioContext) => Promise<void>;

/** Who asks, and who decides. */
export const ada = { id: 'ada@example.com', name: 'Ada Lovelace' };
export const linus = { id: 'linus@example.com', name: 'Linus' };

/** Throws in words when a scenario goes astray. */
export const assert: (holds: boolean, what: string) => asserts holds = (holds, what) => {
  if (!holds) throw new Error(`the scenario went another way: ${what}`);
};
