import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { v5 as uuidFrom } from 'uuid';
import {
  type Deploy,
  type DeployInput,
  deployWorkflowId,
  deployWorkflowType,
} from '../../workflows/contract/deploy.ts';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { taskQueues } from '../../workflows/contract/task-queues.ts';
import { noteCard } from '../cards/error-card.ts';
import { runCard } from '../cards/run-card.ts';
import { shortId } from '../cards/short-id.ts';
import type { Invocation, Reply } from '../platform.ts';
import type { CommandDeps } from './command.ts';
import { keepTrying } from './temporal-answer.ts';

/** Never change it: a redelivered command finds its run through it. */
const namespace = '5c0f1f0c-6d8b-4e0e-9a55-0d6f3c1b7a42';

/** The run that an invocation makes, however often it is delivered. */
const runIdOf = (key: string): string => deployWorkflowId(uuidFrom(key, namespace));

const startWithinMs = 2000;

/** Starts a deployment and tells of it, or of the one that the same invocation has started before. */
export const startDeploy = async (
  { client, parts, links, patience, taskQueue = taskQueues.cicd }: CommandDeps,
  call: Invocation,
  input: DeployInput,
  doing?: string,
): Promise<Reply> => {
  const workflowId = runIdOf(call.key);
  const where = `${input.service} to ${input.environment}`;
  const start = () =>
    client.withDeadline(Date.now() + startWithinMs, () =>
      client.workflow.start<Deploy>(deployWorkflowType, {
        workflowId,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: `Deploy ${where} for ${input.requestedBy.name}`.slice(0, 200),
        typedSearchAttributes: new TypedSearchAttributes([
          { key: searchAttributes.service, value: input.service },
          { key: searchAttributes.environment, value: input.environment },
          { key: searchAttributes.requester, value: input.requestedBy.id },
        ]),
      }),
    );
  try {
    await keepTrying(patience, start, `the deployment of ${where} was started`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const run = await parts.runs.get(workflowId);
    if (run !== null) return { card: runCard(run, links), to: 'asker', workflowId };
  }
  parts.follower.follow(workflowId);
  const ref = input.ref === undefined ? '' : ` from ${input.ref}`;
  const what = doing ?? `Deploying ${where}${ref}`;
  const message = `${what}, as ${shortId(workflowId)}. Its card follows here.`;
  return { card: noteCard('Started', message, 'progress'), to: 'asker', workflowId };
};
