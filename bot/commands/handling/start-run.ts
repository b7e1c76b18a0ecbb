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

/** Never change this value: a command that is delivered again finds its run through it. */
const namespace = '5c0f1f0c-6d8b-4e0e-9a55-0d6f3c1b7a42';

/** The same UUID for every delivery of a command. */
export const toRunUuid = (key: string): string => uuidFrom(key, namespace);

/** A run to start. */
export interface NewRun {
  readonly workflowType: string;
  /** Derived from the idempotency key, so that a command that is delivered again finds its run. */
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: { readonly requestedBy: Person };
  readonly subject: RunSubject;
  /** "Deploying web to production", for the reply. */
  readonly operation: string;
  /** "the deployment of web to production": for the error when Temporal does not answer. */
  readonly what: string;
  /** Shown in Temporal's UI. */
  readonly summary: string;
}

/** Starts a run, or finds the one that an earlier delivery of the same command started. */
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
  parts.poller.watch(workflowId);
  const message = `${run.operation} (run ${shortId(workflowId)}). Quarterdeck posts its card here.`;
  return {
    card: infoCard('Started', message, 'progress'),
    outcome: 'started',
    visibility: 'ephemeral',
    workflowId,
  };
};
