import type { WorkflowHandle } from '@temporalio/client';
import { clickPayload } from '../bot/slack/testing/interactions.ts';
import { waitUntilReady } from '../scripts/start/ready.ts';
import { type Deploy, deployWorkflowId } from '../workflows/contract/deploy.ts';
import { runQuery } from '../workflows/contract/run-messages.ts';
import { hasEnded, type RunStatus } from '../workflows/contract/run-status.ts';
import type { RunView } from '../workflows/contract/run-view.ts';
import type { BenchStack } from './bench-stack.ts';

type Run = WorkflowHandle<Deploy>;

const withinMs = 300_000;

const until = async <Found>(look: () => Promise<Found | string>): Promise<Found> => {
  const found: Found[] = [];
  const unready = async (): Promise<string | null> => {
    const seen = await look();
    if (typeof seen === 'string') return seen;
    found.push(seen);
    return null;
  };
  await waitUntilReady(unready, withinMs, AbortSignal.timeout(2 * withinMs));
  return found[0] as Found;
};

/** Ada types a deployment in Slack. Returns its short ID once the request is acknowledged. */
export const typeDeploy = async ({ slack, workspace }: BenchStack, target: string): Promise<string> => {
  const { ada: user, channel } = workspace;
  const text = await (await slack.command(`/deploy ${target}`, { user, channel })).text();
  const [, shortId] = /, as ([0-9a-f]{6})/.exec(text) ?? [];
  if (shortId === undefined) throw new Error(`/deploy ${target}: ${text}`);
  return shortId;
};

/** The run with a short ID. Temporal lists it with a delay after its start. */
export const findRun = ({ client }: BenchStack, shortId: string): Promise<Run> =>
  until(async () => {
    const query = `WorkflowId STARTS_WITH '${deployWorkflowId(shortId)}'`;
    for await (const { workflowId } of client.workflow.list({ query }))
      return client.workflow.getHandle<Deploy>(workflowId);
    return `Temporal does not list the run ${shortId}`;
  });

/** Waits until a run has a status. Throws when the run ends with another one. */
export const reaches = (run: Run, status: RunStatus): Promise<RunView> =>
  until(async () => {
    const view = await run.query(runQuery);
    if (view.status === status) return view;
    if (hasEnded(view.status)) throw new Error(`a run is ${view.status}: ${view.failure?.message ?? ''}`);
    return `a run is still ${view.status}`;
  });

/** Grace clicks on Approve. Resolves when the request is acknowledged. */
export const clickApprove = async ({ slack, workspace }: BenchStack, view: RunView): Promise<void> => {
  const value = JSON.stringify({ args: view.workflowId, digest: view.approval?.digest });
  const button = { action_id: 'command:approve:0', value };
  const { grace: user, channel } = workspace;
  const answer = await slack.interaction(clickPayload({ user, channel, button }));
  if (!answer.ok) throw new Error(`clicking Approve: HTTP ${answer.status}`);
};
