import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Person } from '../../workflows/contract/person.ts';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { noteCard } from '../cards/error-card.ts';
import { runCard } from '../cards/run-card.ts';
import { shortId } from '../cards/short-id.ts';
import type { Reply } from '../platform/platform.ts';
import type { CommandDeps } from './command.ts';
import { keepTrying } from './temporal-answer.ts';

/** A run to be started, of whatever kind. */
export interface NewRun {
  readonly workflowType: string;
  /** Made from the invocation's key, so that a redelivered command finds its run. */
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: { readonly requestedBy: Person };
  readonly service: string;
  readonly environment: string;
  /** "Deploying web to production", for the person who asked. */
  readonly doing: string;
  /** "the deployment of web to production": what may not have been started. */
  readonly what: string;
  /** For Temporal's own pages. */
  readonly summary: string;
}

const startWithinMs = 2000;

/** Starts a run and tells of it, or of the one that the same invocation has started before. */
export const startRun = async (
  { client, parts, links, patience }: CommandDeps,
  run: NewRun,
): Promise<Reply> => {
  const { workflowId, taskQueue, input, service, environment } = run;
  const start = () =>
    client.withDeadline(Date.now() + startWithinMs, () =>
      client.workflow.start(run.workflowType, {
        workflowId,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: run.summary.slice(0, 200),
        typedSearchAttributes: new TypedSearchAttributes([
          { key: searchAttributes.service, value: service },
          { key: searchAttributes.environment, value: environment },
          { key: searchAttributes.requester, value: input.requestedBy.id },
        ]),
      }),
    );
  try {
    await keepTrying(patience, start, `${run.what} was started`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const known = await parts.runs.get(workflowId);
    if (known !== null) return { card: runCard(known, links), visibility: 'ephemeral', workflowId };
  }
  parts.follower.follow(workflowId);
  const message = `${run.doing}, as ${shortId(workflowId)}. Its card follows here.`;
  return { card: noteCard('Started', message, 'progress'), visibility: 'ephemeral', workflowId };
};
