import type { EnvironmentView, LockRelease, LockRequest } from '../contract/environment.ts';

const mostKept = 10;

/** In the order in which the runs asked, also when they ask again after the queue was lost. */
const insert = (waiting: readonly LockRequest[], request: LockRequest): readonly LockRequest[] => {
  const at = waiting.findIndex((other) => other.at > request.at);
  return at < 0 ? [...waiting, request] : waiting.toSpliced(at, 0, request);
};

const isIn = (requests: readonly LockRequest[], workflowId: string): boolean =>
  requests.some((request) => request.workflowId === workflowId);

/** Of two requests of one run: an older one that arrives late takes nothing back. */
const newer = (known: LockRequest, request: LockRequest): LockRequest =>
  known.workflowId === request.workflowId && (request.attempt ?? 0) > (known.attempt ?? 0) ? request : known;

/** A run that enters twice keeps its place. */
export const enqueue = (state: EnvironmentView, request: LockRequest): EnvironmentView => {
  const { holder, waiting } = state;
  if (holder?.workflowId === request.workflowId) return { ...state, holder: newer(holder, request) };
  if (isIn(waiting, request.workflowId))
    return { ...state, waiting: waiting.map((known) => newer(known, request)) };
  return { ...state, waiting: insert(waiting, request) };
};

/**
 * Only those in the queue are heard. A waiting run that has applied something held the environment
 * when the queue was lost, and came back to say so.
 */
export const release = (
  state: EnvironmentView,
  { workflowId, applied, unfinished, attempt }: LockRelease,
): EnvironmentView => {
  const leaves = (request: LockRequest): boolean =>
    request.workflowId === workflowId && (attempt === undefined || request.attempt === attempt);
  const held = state.holder !== null && leaves(state.holder);
  if (!held && !state.waiting.some(leaves)) return state;
  return {
    ...state,
    holder: held ? null : state.holder,
    waiting: state.waiting.filter((request) => !leaves(request)),
    applied: applied ? [applied, ...state.applied].slice(0, mostKept) : state.applied,
    unfinished: unfinished || (applied ? false : state.unfinished),
  };
};

/** The next run gets the environment, when it is free. */
export const grantNext = (state: EnvironmentView): EnvironmentView => {
  const [next, ...waiting] = state.waiting;
  return state.holder || !next ? state : { ...state, holder: next, waiting };
};

/** Without the runs that are gone. */
export const withoutRuns = (state: EnvironmentView, gone: readonly string[]): EnvironmentView => ({
  ...state,
  holder: state.holder && gone.includes(state.holder.workflowId) ? null : state.holder,
  waiting: state.waiting.filter(({ workflowId }) => !gone.includes(workflowId)),
});

/** The same, when the holder may be among them: an apply that was cut short leaves a doubt behind. */
export const evictLost = (
  state: EnvironmentView,
  gone: readonly string[],
  cutShort: readonly string[],
): EnvironmentView => {
  const holder = state.holder?.workflowId;
  const doubt = holder !== undefined && gone.includes(holder) && cutShort.includes(holder);
  return { ...withoutRuns(state, gone), unfinished: state.unfinished || doubt };
};
