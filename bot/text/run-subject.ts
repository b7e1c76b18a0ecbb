import type { RunView } from '../../workflows/contract/run-view.ts';
import { truncateMiddle } from './plain-text.ts';

/** "web in production", "stack network": what a run is about. */
export const describeSubject = ({
  kind,
  service,
  environment,
}: Pick<RunView, 'kind' | 'service' | 'environment'>): string =>
  kind === 'provision' || kind === 'destroy'
    ? `stack ${truncateMiddle(service, 60)}`
    : `${truncateMiddle(service, 60)} in ${truncateMiddle(environment, 60)}`;

/** "deployment", "provision", "destruction": what a run is called. */
export const runNoun = ({ kind }: Pick<RunView, 'kind'>): string =>
  kind === 'provision' ? 'provision' : kind === 'destroy' ? 'destruction' : 'deployment';
