import type { RunView } from '../../workflows/contract/run-view.ts';
import type { RunSubject } from '../../workflows/contract/target.ts';
import { truncateMiddle } from './plain-text.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The first six characters of the run's UUID, or the whole ID when it has no UUID. */
export const shortId = (workflowId: string): string => uuid.exec(workflowId)?.[0].slice(0, 6) ?? workflowId;

/** "web in production", "stack network": the subject of a run. */
export const describeSubject = ({ name, environment }: RunSubject): string =>
  environment === null
    ? `stack ${truncateMiddle(name, 60)}`
    : `${truncateMiddle(name, 60)} in ${truncateMiddle(environment, 60)}`;

/** "deployment", "provision", "destruction": the kind of a run as a noun. */
export const runNoun = ({ kind }: Pick<RunView, 'kind'>): string =>
  kind === 'provision' ? 'provision' : kind === 'destroy' ? 'destruction' : 'deployment';
