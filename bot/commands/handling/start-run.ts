import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { v5 as uuidFrom } from 'uuid';
import type { Person } from '../../../workflows/contract/person.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import { type RunSubject, toEnvironmentKey } from '../../../workflows/contract/target.ts';
import { infoCard } from '../../cards/notice-cards.ts';
import { runCard } from '../../cards/run-card.ts';
import type { Reply } from '../../platform/platform.ts';
import { shortId } from '../../text/run-name.ts';
import type { CommandDeps } from '../command.ts';
import { requestTimeoutMs, retryWhileUnavailable } from './temporal-retry.ts';

/** Never change it: a redelivered command finds its run through it. */
const namespace = '5c0f1f0c-6d8b-4e0e-9a55-0d6f3c1b7a42';

/** Of the run that an invocation makes, however often it is delivered. */
export const toRunUuid = (key: string): string => uuidFrom(key, namespace);

/** A run to be started, of whatever kind. */
export interface NewRun {
  readonly workflowType: string;
  /** Made from the invocation's key, so that a redelivered command finds its run. */
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: { readonly requestedBy: Person };
  readonly subject: RunSubject;
  /** "Deploying web to production", for the person who asked. */
  readonly operation: string;
  /** "the deployment of web to production": what may not have been started. */
  readonly what: string;
  /** For Temporal's own pages. */
  readonly summary: string;
}

/** Starts a run and tells of it, or of the one that the same invocation has started before. */
export const startRun = async (
  { client, parts, links, retryBudget: patience }: CommandDeps,
  run: NewRun,
): Promise<Reply> => {
  const { workflowId, taskQueue, input } = run;
  const { service, environment } = toEnvironmentKey(run.subject);
  const start = () =>
    client.withDeadline(Date.now() + requestTimeoutMs, () =>
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
    await retryWhileUnavailable(patience, start, `${run.what} was started`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const known = await parts.runs.get(workflowId);
    if (known !== null)
      return { card: runCard(known, links), outcome: 'started', visibility: 'ephemeral', workflowId };
  }
  parts.follower.follow(workflowId);
  const message = `${run.operation}, as ${shortId(workflowId)}. Its card follows here.`;
  return {
    card: infoCard('Started', message, 'progress'),
    outcome: 'started',
    visibility: 'ephemeral',
    workflowId,
  };
};
