import type { Person } from '../../../workflows/contract/person.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import { errorCard, infoCard } from '../../cards/notice-cards.ts';
import { searchResultsCard } from '../../cards/run-list-cards.ts';
import { sampleApproval, samplePlan, sampleStages, sampleView } from '../../cards/testing/sample-parts.ts';
import type { Dispatch, Invocation, Reply } from '../../platform/platform.ts';
import { createTestDispatch } from '../../testing/test-dispatch.ts';
import type { FakeRuns } from './fake-runs.ts';

/** What a bot would do with the words, as far as the console can tell. */
export interface FakeDispatch {
  readonly dispatch: Dispatch;
  readonly calls: Invocation[];
}

const answer = (card: Reply['card'], outcome: Reply['outcome'], workflowId?: string): Reply => ({
  card,
  outcome,
  visibility: 'ephemeral',
  ...(workflowId === undefined ? {} : { workflowId }),
});

/** A run shortly after its start: it waits for approval. */
export type Begin = typeof awaiting;

const awaiting = (index: number, by: Person, conversation: string): RunView =>
  sampleView(index, {
    status: 'awaiting_approval',
    progress: 70,
    stages: sampleStages('approval'),
    plan: samplePlan(),
    requestedBy: by,
    conversation,
    askedAt: Date.now(),
    approval: sampleApproval({ askedAt: Date.now(), expiresAt: Date.now() + 600_000 }),
  });

export const createFakeDispatch = (
  runs: FakeRuns,
  post: (view: RunView) => Promise<unknown>,
  begin: Begin = awaiting,
): FakeDispatch => {
  const calls: Invocation[] = [];
  let started = 0;

  const deploy = async ({ actor, conversation }: Invocation): Promise<Reply> => {
    started += 1;
    const view = begin(100 + started, actor, conversation);
    runs.put({ view, live: {}, externalEnd: null });
    await post(view);
    return answer(
      infoCard('Started', 'Deploying web to production. Its card follows here.', 'progress'),
      'started',
      view.workflowId,
    );
  };

  const decide = async (call: Invocation): Promise<Reply> => {
    const [id = '', ...reason] = call.args.split(' ');
    const run = await runs.get(id);
    const approval = run?.view.approval;
    if (!run || !approval) return answer(errorCard(`Run ${id} not found.`), 'refused');
    if (run.view.requestedBy.id === call.actor.id)
      return answer(errorCard('You started this run, so another approver must approve it.'), 'refused');
    if (approval.decision !== null)
      return answer(infoCard('Deploy web', 'The run is already decided.'), 'unchanged');
    const vote = { by: call.actor, at: Date.now() };
    const approving = call.command === 'approve';
    const votes = approving ? [{ ...vote, reason: null }] : [];
    const decision = approving
      ? ({ outcome: 'approved', votes, digest: approval.digest } as const)
      : ({ outcome: 'denied', ...vote, reason: reason.join(' '), digest: approval.digest } as const);
    runs.put({
      ...run,
      view: {
        ...run.view,
        status: approving ? 'applying' : 'denied',
        stages: sampleStages(approving ? 'terraform_apply' : 'approval', approving ? 'running' : 'cancelled'),
        approval: { ...approval, votes, decision },
      },
    });
    return answer(
      infoCard('Deploy web', approving ? 'Approved, 1 of 1.' : 'Denied.', 'good'),
      'accepted',
      id,
    );
  };

  const list = async ({ args }: Invocation): Promise<Reply> => {
    const found = await runs.search({ page: 1, pageSize: 10 });
    const card = searchResultsCard({ ...found, title: `Runs ${args}`, page: 1, pages: 1, older: null });
    return answer(card, 'listing');
  };

  const dispatch = createTestDispatch(async (call) => {
    calls.push(call);
    if (call.command === 'deploy') return deploy(call);
    if (call.command === 'status') return list(call);
    if (call.command === 'approve' || call.command === 'deny') return decide(call);
    if (call.command === 'help')
      return answer(infoCard('Help', 'You can type deploy, status and help.'), 'listing');
    return answer(errorCard(`Unknown command “${call.command}”.`, 'Usage: deploy <service>'), 'refused');
  });
  return { dispatch, calls };
};
