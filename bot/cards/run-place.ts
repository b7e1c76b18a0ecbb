import type { RunView } from '../../workflows/contract/run-view.ts';
import { shorten } from './plain.ts';

/** "web in production", "stack network": what a run is about. */
export const runPlace = ({
  kind,
  service,
  environment,
}: Pick<RunView, 'kind' | 'service' | 'environment'>): string =>
  kind === 'provision' || kind === 'destroy'
    ? `stack ${shorten(service, 60)}`
    : `${shorten(service, 60)} in ${shorten(environment, 60)}`;

/** "deployment", "provision", "destruction": what a run is called. */
export const runNoun = ({ kind }: Pick<RunView, 'kind'>): string =>
  kind === 'provision' ? 'provision' : kind === 'destroy' ? 'destruction' : 'deployment';
