import { setTimeout as pause } from 'node:timers/promises';
import { runQuery } from '../../workflows/contract/run-messages.ts';
import { hasEnded, type RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { assert, type Run } from './scenario.ts';

const pollIntervalMs = 300;

/** The stages' states and the events, each as one line. */
const formatProgress = ({ stages, events }: RunView): readonly string[] => [
  ...stages
    .filter(({ state }) => state !== 'pending')
    .map(({ name, state, detail }) => `  ${state.padEnd(9)}  ${name}${detail ? `  ${detail}` : ''}`),
  ...events.flatMap((event) =>
    event.kind === 'approved' || event.kind === 'denied'
      ? [`  ${event.kind} by ${event.by.name}${event.reason === null ? '' : `: ${event.reason}`}`]
      : [],
  ),
];

/** Prints each change of a run once, until the run has a status. */
export const createRunPrinter = (say: (line: string) => void) => {
  const printed = new Set<string>();
  const print = (run: Run, view: RunView): void => {
    for (const line of formatProgress(view)) {
      const key = `${run.workflowId} ${line}`;
      if (!printed.has(key)) say(line);
      printed.add(key);
    }
  };
  return async (run: Run, status: RunStatus): Promise<RunView> => {
    for (;;) {
      const view = await run.query(runQuery);
      print(run, view);
      if (view.status === status) return view;
      const why = view.failure ? ` (${view.failure.message})` : '';
      assert(!hasEnded(view.status), `the run is ${view.status}${why} instead of ${status}`);
      await pause(pollIntervalMs);
    }
  };
};
