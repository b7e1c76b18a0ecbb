import { afterEach, describe, expect, test } from 'vitest';
import type { LiveRun } from '../cards/listed-run.ts';
import { toListedRun } from '../cards/listed-run.ts';
import { infoCard } from '../cards/notice-cards.ts';
import { runCard } from '../cards/run-card.ts';
import { searchResultsCard } from '../cards/run-list-cards.ts';
import { sampleRuns } from '../cards/testing/samples.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import { openTeamsWorld, type TeamsWorld, type WorldOptions } from './testing/teams-world.ts';

const worlds: TeamsWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const sample = (name: string): LiveRun => {
  const found = sampleRuns.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return found.run;
};

const base = sample('awaiting-dangerous');
/** Ada asked, and Grace may approve. */
const waiting: LiveRun = {
  ...base,
  view: {
    ...base.view,
    requestedBy: { id: 'ada@example.com', name: 'Ada Lovelace' },
    approval:
      base.view.approval === null
        ? null
        : { ...base.view.approval, approvers: ['grace@example.com'], selfApproval: false, votes: [] },
  },
};
const { workflowId } = waiting.view;

const approved = async (_call: Invocation): Promise<Reply> => ({
  card: infoCard('Deploy web to production', 'Approved.', 'good'),
  outcome: 'accepted',
  visibility: 'ephemeral',
  workflowId,
});

const open = async (options: WorldOptions = {}): Promise<TeamsWorld> => {
  const world = await openTeamsWorld({ dispatch: approved, runs: { get: async () => waiting }, ...options });
  worlds.push(world);
  return world;
};

const digest = 'd'.repeat(64);
const thread = { kind: 'channel', threadId: '1700000000001' } as const;
const approve = { verb: 'command', data: { command: 'approve', args: workflowId, digest } };
const deny = { verb: 'command', data: { command: 'deny', args: workflowId, digest, needsReason: true } };
const refresh = { verb: 'refresh', data: { run: workflowId } };

interface Answer {
  readonly statusCode: number;
  readonly type: string;
  readonly value: unknown;
}

const answerOf = async (response: Promise<Response>): Promise<Answer> =>
  (await (await response).json()) as Answer;
const message = 'application/vnd.microsoft.activity.message';
const card = 'application/vnd.microsoft.card.adaptive';
const text = (value: unknown): string => JSON.stringify(value);

describe('a click', () => {
  test('A click on Approve is dispatched and answered with the card of the run', async () => {
    const { requests, teams, invocations } = await open();
    const answer = await answerOf(requests.invoke(teams.people.grace, approve, { replyToId: '1' }));
    expect(answer).toMatchObject({ statusCode: 200, type: card });
    expect(invocations).toMatchObject([
      { command: 'approve', args: workflowId, digest, actor: { id: 'grace@example.com' } },
    ]);
  });

  test('A double click has one idempotency key, and a click on another card has another', async () => {
    const { requests, teams, invocations } = await open();
    const click = (replyToId: string) =>
      requests.invoke(teams.people.grace, approve, { replyToId, where: thread });
    await Promise.all([click('1'), click('1')]);
    await click('2');
    const keys = invocations.map(({ idempotencyKey: key }) => key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test('A refused click is answered with a text, and the card stays', async () => {
    const { requests, teams } = await open({
      dispatch: async () => ({
        card: infoCard('Refused', "You can't approve this run.", 'bad'),
        outcome: 'refused',
        visibility: 'ephemeral',
      }),
    });
    const answer = await answerOf(requests.invoke(teams.people.linus, approve));
    expect(answer).toEqual({ statusCode: 200, type: message, value: "You can't approve this run." });
  });

  test('A click on Older replaces the page of the list', async () => {
    const older = { verb: 'command', data: { command: 'status', args: 'web --page 2' } };
    const found = { runs: [toListedRun(waiting)], total: 11, page: 2, pages: 2, older: null, stale: false };
    const { requests, teams, invocations } = await open({
      dispatch: async () => ({
        card: searchResultsCard({ ...found, title: 'Runs of web' }),
        outcome: 'listing',
        visibility: 'ephemeral',
      }),
    });
    const answer = await answerOf(requests.invoke(teams.people.grace, older));
    expect(answer).toMatchObject({ statusCode: 200, type: card });
    expect(text(answer.value)).toContain('11 runs, page 2 of 2');
    expect(invocations).toMatchObject([{ command: 'status', args: 'web --page 2' }]);
  });

  test('A click on Deny sends the reason', async () => {
    const { requests, teams, invocations } = await open();
    await requests.invoke(teams.people.grace, { ...deny, data: { ...deny.data, reason: ' too late ' } });
    expect(invocations).toMatchObject([{ command: 'deny', args: `${workflowId} too late`, digest }]);
  });

  test.each([{}, { reason: '' }, { reason: '  ' }, { reason: 7 }])(
    'A click on Deny without a reason (%o) decides nothing',
    async (written) => {
      const { requests, teams, invocations } = await open();
      const answer = await answerOf(
        requests.invoke(teams.people.grace, { ...deny, data: { ...deny.data, ...written } }),
      );
      expect(answer).toMatchObject({ type: message, value: expect.stringContaining('Enter a reason') });
      expect(invocations).toHaveLength(0);
    },
  );

  test('A click that Temporal does not answer in time is unconfirmed, and its result is posted later', async () => {
    const slow = Promise.withResolvers<void>();
    const { requests, teams } = await open({
      replyTimeoutMs: 200,
      dispatch: async (call) => {
        await slow.promise;
        return approved(call);
      },
    });
    const answer = await answerOf(requests.invoke(teams.people.grace, approve));
    expect(answer).toMatchObject({ type: message, value: expect.stringMatching(/isn.t confirmed/) });
    expect(teams.messages).toHaveLength(0);
    slow.resolve();
    await expect.poll(() => text(teams.messages), { timeout: 5000 }).toContain('Approved.');
  });

  test('An accepted decision is confirmed although the card cannot be read in time', async () => {
    const { requests, teams } = await open({
      replyTimeoutMs: 300,
      runs: { get: () => new Promise(() => undefined) },
    });
    const answer = await answerOf(requests.invoke(teams.people.grace, approve));
    expect(answer).toEqual({ statusCode: 200, type: message, value: 'Approved.' });
  });

  test.each([
    ['no value', undefined],
    ['no action', {}],
    ['no verb', { action: { data: {} } }],
    ['data that is a string', { action: { verb: 'command', data: 'approve' } }],
  ])('A click with %s is answered with 400 and a message', async (_, value) => {
    const { requests, teams, invocations } = await open();
    const sent = {
      ...requests.messageActivity(teams.people.grace, ''),
      type: 'invoke',
      name: 'adaptiveCard/action',
    };
    const answer = await answerOf(requests.raw({ ...sent, value }));
    expect(answer).toMatchObject({ statusCode: 400, value: { message: expect.stringMatching(/button/) } });
    expect(invocations).toHaveLength(0);
  });

  test('A click on an outdated button is answered with an explanation', async () => {
    const { requests, teams, invocations } = await open();
    const answer = await answerOf(requests.invoke(teams.people.grace, { verb: 'accept', data: { id: 1 } }));
    expect(answer).toMatchObject({ type: message, value: expect.stringContaining('outdated') });
    expect(invocations).toHaveLength(0);
  });

  test('A click in a client without Action.Execute arrives as a message and does the same', async () => {
    const { requests, teams, invocations } = await open();
    const value = { verb: approve.verb, ...approve.data };
    await requests.message(teams.people.grace, '', { kind: 'channel' }, { value, text: undefined });
    expect(invocations).toMatchObject([{ command: 'approve', args: workflowId, digest }]);
    await expect.poll(() => text(teams.messages), { timeout: 5000 }).toContain('Approved.');
  });
});

describe('a refreshed card', () => {
  test.each(['automatic', 'manual'] as const)(
    'A refresh (%s) shows an approver the buttons',
    async (trigger) => {
      const { requests, teams, invocations } = await open();
      const answer = await answerOf(requests.invoke(teams.people.grace, refresh, { trigger }));
      expect(answer.type).toBe(card);
      expect(text(answer.value)).toContain('"command":"approve"');
      expect(text(answer.value)).toContain('"command":"deny"');
      expect(invocations).toHaveLength(0);
    },
  );

  test.each(['ada', 'linus'] as const)('A refresh shows %s no decision buttons', async (name) => {
    const { requests, teams } = await open();
    const answer = await answerOf(requests.invoke(teams.people[name], refresh));
    expect(answer.type).toBe(card);
    expect(text(answer.value)).not.toContain('"command":"approve"');
    expect(text(answer.value)).not.toContain('"command":"deny"');
  });

  test('A refresh is answered in time while Temporal does not respond', async () => {
    const { requests, teams } = await open({
      replyTimeoutMs: 200,
      runs: { get: () => new Promise(() => undefined) },
    });
    const answer = await answerOf(requests.invoke(teams.people.grace, refresh));
    expect(answer).toMatchObject({ type: message, value: expect.stringMatching(/isn.t responding/) });
  });

  test('A refresh of a guest is refused with the reason', async () => {
    const { requests, teams } = await open();
    const answer = await answerOf(requests.invoke(teams.people.guest, refresh));
    expect(answer).toMatchObject({ type: message, value: expect.stringContaining('Guests') });
  });
});

test('A posted card leaves the decision buttons to the personal views of approvers', async () => {
  const { platform, teams } = await open();
  await platform.post(`teams:${teams.channel}`, runCard(waiting, { publicUrl: null }), {
    workflowId,
    part: 'card',
    deliveryUncertain: false,
  });
  const [posted] = teams.messages;
  expect(text(posted?.activity)).not.toContain('"command":"approve"');
  const [attachment] = posted?.activity.attachments ?? [];
  expect(attachment.content.refresh).toMatchObject({
    userIds: [teams.people.grace.id],
    action: { verb: 'refresh', data: { run: workflowId } },
  });
});
