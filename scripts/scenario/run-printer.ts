import { setTimeout as pause } from 'node:timers/promises';
import { runQuery } from '../../workflows/contract/run-messages.ts';
import { hasEnded, type RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { assert, type Run } from './scenario.ts';

const lookMs = 300;

/** The stages' states and the events, each as one line. */
const linesOf = ({ stages, events }: RunView): readonly string[] => [
  ...stages
    .filter(({ state }) => state !== 'pending')
    .map(({ name, state, detail }) => `  ${state.padEnd(9)}  ${name}${detail ? `  ${detail}` : ''}`),
  ...events.flatMap((event) =>
    event.kind === 'approved' || event.kind === 'denied'
      ? [`  ${event.kind} by ${event.by.name}${event.reason === null ? '' : `: ${event.reason}`}`]
      : [],
  ),
];

/** Tells of runs until they have a status, and each thing once. */
export const createRunPrinter = (say: (line: string) => void) => {
  const said = new Set<string>();
  const tell = (run: Run, view: RunView): void => {
    for (const line of linesOf(view)) {
      const key = `${run.workflowId} ${line}`;
      if (!said.has(key)) say(line);
      said.add(key);
    }
  };
  return async (run: Run, status: RunStatus): Promise<RunView> => {
    for (;;) {
      const view = await run.query(runQuery);
      tell(run, view);
      if (view.status === status) return view;
      const why = view.failure ? ` (${view.failure.message})` : '';
      assert(!hasEnded(view.status), `the run is ${view.status}${why} and never was ${status}`);
      await pause(lookMs);
    }
  };
};
