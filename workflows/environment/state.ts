import type { EnterRequest, EnvironmentView, LeaveRequest } from '../contract/environment.ts';

const mostKept = 10;

/** In the order in which the runs asked, also when they ask again after the queue was lost. */
const insert = (waiting: readonly EnterRequest[], request: EnterRequest): readonly EnterRequest[] => {
  const at = waiting.findIndex((other) => other.at > request.at);
  return at < 0 ? [...waiting, request] : waiting.toSpliced(at, 0, request);
};

const isIn = (requests: readonly EnterRequest[], workflowId: string): boolean =>
  requests.some((request) => request.workflowId === workflowId);

const without = (requests: readonly EnterRequest[], workflowId: string): readonly EnterRequest[] =>
  requests.filter((request) => request.workflowId !== workflowId);

/** A run that enters twice keeps its place. */
export const entered = (state: EnvironmentView, request: EnterRequest): EnvironmentView => {
  if (state.holder?.workflowId === request.workflowId) return { ...state, holder: request };
  if (isIn(state.waiting, request.workflowId)) return state;
  return { ...state, waiting: insert(state.waiting, request) };
};

/**
 * Only those in the queue are heard. A waiting run that has applied something held the environment
 * when the queue was lost, and came back to say so.
 */
export const left = (
  state: EnvironmentView,
  { workflowId, applied, unfinished }: LeaveRequest,
): EnvironmentView => {
  const held = state.holder?.workflowId === workflowId;
  if (!held && !isIn(state.waiting, workflowId)) return state;
  return {
    ...state,
    holder: held ? null : state.holder,
    waiting: without(state.waiting, workflowId),
    applied: applied ? [applied, ...state.applied].slice(0, mostKept) : state.applied,
    unfinished: unfinished || (applied ? false : state.unfinished),
  };
};

/** The next run gets the environment, when it is free. */
export const granted = (state: EnvironmentView): EnvironmentView => {
  const [next, ...waiting] = state.waiting;
  return state.holder || !next ? state : { ...state, holder: next, waiting };
};

/** Without the runs that are gone. */
export const dropped = (state: EnvironmentView, gone: readonly string[]): EnvironmentView => ({
  ...state,
  holder: state.holder && gone.includes(state.holder.workflowId) ? null : state.holder,
  waiting: state.waiting.filter(({ workflowId }) => !gone.includes(workflowId)),
});

/** The same, when the holder may be among them: an apply that was cut short leaves a doubt behind. */
export const lost = (
  state: EnvironmentView,
  gone: readonly string[],
  cutShort: readonly string[],
): EnvironmentView => {
  const holder = state.holder?.workflowId;
  const doubt = holder !== undefined && gone.includes(holder) && cutShort.includes(holder);
  return { ...dropped(state, gone), unfinished: state.unfinished || doubt };
};
