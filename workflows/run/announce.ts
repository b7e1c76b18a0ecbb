import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunStatus } from '../contract/run-status.ts';
import { searchAttributes } from '../contract/search-attributes.ts';
import type { Notifier } from './notices.ts';
import type { RunState } from './run.ts';

const whatRuns = ({ view: { kind, name, environment } }: RunState): string =>
  kind === 'deploy' ? `${name} to ${environment}` : `${kind} ${name}`;

/** Where a change of status goes: the view, Temporal's UI, its search, and people. */
export const createAnnounce = (run: RunState, notices: Notifier) => {
  let searchable: RunStatus | null = null;
  const setStatus = (status: RunStatus): void => {
    run.set({ status });
    setCurrentDetails(`${whatRuns(run)}: ${status}`);
  };
  return {
    /** A status that only the view shows: searching for it is not worth an event in the history. */
    passing: setStatus,
    status: (status: RunStatus): void => {
      setStatus(status);
      if (searchable === status) return;
      searchable = status;
      upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
    },
    notice: notices.tell,
  };
};

export type Announce = ReturnType<typeof createAnnounce>;
