import type { Metrics } from '../../../runtime/metrics.ts';
import type { Dispatch } from '../../platform/platform.ts';

/** Counts what people ask for, and how long they wait for the answer. */
export const measureDispatch = (dispatch: Dispatch, metrics: Metrics, words: readonly string[]): Dispatch => {
  const seconds = metrics.histogram('command_seconds', 'How long people waited for an answer.', ['command']);
  return async (call) => {
    // A label made from what people type would grow without end.
    const stop = seconds.startTimer({ command: words.includes(call.command) ? call.command : 'other' });
    try {
      return await dispatch(call);
    } finally {
      stop();
    }
  };
};
