import type { Person } from '../../../workflows/contract/person.ts';
import type { LiveRun, Runs } from '../../runs/port.ts';
import { isOver } from '../../text/run-text.ts';
import type { Overview } from './sidebar.ts';

const maxShown = 12;

const isWaiting = ({ view }: LiveRun): boolean => view.status === 'awaiting_approval';

/** For nobody in particular: what waits for anybody, and the rest. */
const loadForAll = async (runs: Runs) => {
  const [waiting, open] = await Promise.all([
    runs.list({ open: true, status: 'awaiting_approval', limit: maxShown }),
    runs.list({ open: true, limit: 2 * maxShown }),
  ]);
  return [waiting, open.filter((run) => !isWaiting(run)).slice(0, maxShown)] as const;
};

const loadFor = (runs: Runs, person: Person) =>
  Promise.all([runs.waitingFor(person, maxShown), runs.openBesides(person, maxShown)]);

/** What waits, what runs, and what is deployed where. */
export const loadOverview = async (runs: Runs, person: Person | null): Promise<Overview> => {
  const [[waiting, running], environments] = await Promise.all([
    person === null ? loadForAll(runs) : loadFor(runs, person),
    runs.environments(),
  ]);
  const open = (run: LiveRun) => !isOver(run);
  return { waiting: waiting.filter(open), running: running.filter(open), environments };
};
