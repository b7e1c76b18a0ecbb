import type { RunView } from '../../workflows/contract/run-view.ts';
import type { RunSubject } from '../../workflows/contract/target.ts';
import { truncateMiddle } from './plain-text.ts';

/** "web in production", "stack network": what a run is about. */
export const describeSubject = ({ name, environment }: RunSubject): string =>
  environment === null
    ? `stack ${truncateMiddle(name, 60)}`
    : `${truncateMiddle(name, 60)} in ${truncateMiddle(environment, 60)}`;

/** "deployment", "provision", "destruction": what a run is called. */
export const runNoun = ({ kind }: Pick<RunView, 'kind'>): string =>
  kind === 'provision' ? 'provision' : kind === 'destroy' ? 'destruction' : 'deployment';
