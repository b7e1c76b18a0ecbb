import type { Person } from '../../../workflows/contract/person.ts';
import { isOver } from '../../cards/run-words.ts';
import type { Runs } from '../../runs/port.ts';
import type { Overview } from '../render/aside.ts';

const looked = 100;
const shown = 12;

/** What waits, what runs, and what is deployed where. */
export const loadOverview = async (runs: Runs, person: Person | null): Promise<Overview> => {
  const [waiting, newest, environments] = await Promise.all([
    person === null ? runs.list({ status: 'awaiting_approval', limit: looked }) : runs.waitingFor(person),
    runs.list({ limit: looked }),
    runs.environments(),
  ]);
  const open = waiting.filter((run) => !isOver(run));
  const known = new Set(open.map(({ view }) => view.workflowId));
  const running = newest.filter((run) => !isOver(run) && !known.has(run.view.workflowId));
  return { waiting: open.slice(0, shown), running: running.slice(0, shown), environments };
};
