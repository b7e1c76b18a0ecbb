import type { EnvironmentView, LockRelease, LockRequest } from '../contract/environment.ts';

const maxAppliedRecords = 10;

/** Adds a request to the queue. A run that repeats its request keeps its position. */
export const enqueue = (state: EnvironmentView, request: LockRequest): EnvironmentView => {
  const { holder, waiting } = state;
  if (holder?.workflowId === request.workflowId) return { ...state, holder: pickNewer(holder, request) };
  if (waiting.some(({ workflowId }) => workflowId === request.workflowId))
    return { ...state, waiting: waiting.map((known) => pickNewer(known, request)) };
  return { ...state, waiting: insert(waiting, request) };
};

/** Of two requests of one run, the one with the higher attempt: an older one can arrive late. */
const pickNewer = (known: LockRequest, request: LockRequest): LockRequest =>
  known.workflowId === request.workflowId && (request.attempt ?? 0) > (known.attempt ?? 0) ? request : known;

/** Inserts in the order of the first requests, also when runs repeat them to a new queue. */
const insert = (waiting: readonly LockRequest[], request: LockRequest): readonly LockRequest[] => {
  const index = waiting.findIndex((other) => other.at > request.at);
  return index < 0 ? [...waiting, request] : waiting.toSpliced(index, 0, request);
};

/**
 * Removes a run that releases the lock or leaves the queue, and keeps what it applied. Runs that are in neither are
 * ignored. A waiting run can report an apply: it held the lock before the queue was lost, and requested it again.
 */
export const release = (
  state: EnvironmentView,
  { workflowId, applied, unfinished, attempt }: LockRelease,
): EnvironmentView => {
  const isReleased = (request: LockRequest): boolean =>
    request.workflowId === workflowId && (attempt === undefined || request.attempt === attempt);
  const held = state.holder !== null && isReleased(state.holder);
  if (!held && !state.waiting.some(isReleased)) return state;
  return {
    ...state,
    holder: held ? null : state.holder,
    waiting: state.waiting.filter((request) => !isReleased(request)),
    applied: applied ? [applied, ...state.applied].slice(0, maxAppliedRecords) : state.applied,
    unfinished: unfinished || (applied ? false : state.unfinished),
  };
};

/** Grants a free lock to the next run. Returns the same state when there is nothing to grant. */
export const grantNext = (state: EnvironmentView): EnvironmentView => {
  const [next, ...waiting] = state.waiting;
  return state.holder || !next ? state : { ...state, holder: next, waiting };
};

/** Removes closed runs. A holder that interrupted an apply leaves the environment unfinished. */
export const evictClosed = (
  state: EnvironmentView,
  closed: readonly string[],
  interrupted: readonly string[],
): EnvironmentView => {
  const holder = state.holder?.workflowId;
  const isHolderClosed = holder !== undefined && closed.includes(holder);
  return {
    ...state,
    holder: isHolderClosed ? null : state.holder,
    waiting: state.waiting.filter(({ workflowId }) => !closed.includes(workflowId)),
    unfinished: state.unfinished || (isHolderClosed && interrupted.includes(holder)),
  };
};
