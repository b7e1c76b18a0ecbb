import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmulatedSlack } from '../bot/slack/testing/emulated-slack.ts';
import { createSignedRequests } from '../bot/slack/testing/signed-requests.ts';
import { openSink } from '../bot/slack/testing/sink.ts';
import { type FakeTeams, openFakeTeams } from '../bot/teams/testing/fake-teams.ts';
import { createTeamsRequests } from '../bot/teams/testing/teams-requests.ts';
import { denyApplyUpdate, runQuery } from '../workflows/contract/run-messages.ts';
import { type Product, startProduct } from './product.ts';

// One run in two chats. Only Slack and Teams are emulated.

const signingSecret = 'a-signing-secret-for-tests';
// Quarterdeck retries an unavailable chat after one minute at most.
const patient = { timeout: 120_000, interval: 300 };
const wholeMs = 300_000;
let slack: Awaited<ReturnType<typeof openEmulatedSlack>>;
let sink: Awaited<ReturnType<typeof openSink>>;
let teams: FakeTeams;
let product: Product;
let typeInSlack: (command: string) => Promise<Response>;
let inTeams: ReturnType<typeof createTeamsRequests>;

beforeAll(async () => {
  [slack, sink, teams] = await Promise.all([openEmulatedSlack(), openSink(), openFakeTeams()]);
  product = await startProduct({
    ...teams.env,
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: slack.apiUrl,
  });
  const requests = createSignedRequests(`${product.url}/slack/events`, signingSecret);
  typeInSlack = (command) => requests.command(command, { user: slack.ada, channel: slack.channel }, sink.url);
  inTeams = createTeamsRequests(`${product.url}/api/messages`, teams);
});

afterAll(async () => {
  await product?.stop();
  await Promise.all([slack?.close(), sink?.close(), teams?.close()]);
});

const toText = (value: unknown): string => JSON.stringify(value) ?? '';

/** Cards outside threads in the channel that contain these texts, oldest first. */
const teamsCards = (...texts: readonly string[]) =>
  teams.messages.filter(
    ({ threadOf, activity }) => threadOf === null && texts.every((text) => toText(activity).includes(text)),
  );

const slackCard = async (text: string) =>
  toText((await slack.messages()).find((message) => toText(message).includes(text)) ?? '');

const idIn = (text: string): string => /total-build-[0-9a-f-]{36}/.exec(text)?.[0] ?? '';

interface Execute {
  readonly verb?: string;
  readonly data?: { readonly command?: string };
}

/** Every action of a card, including those behind a confirmation. */
const actionsIn = (value: unknown): readonly Execute[] => {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (typeof value !== 'object' || value === null) return [];
  const actions = 'type' in value && value.type === 'Action.Execute' ? [value as Execute] : [];
  return [
    ...actions,
    ...Object.entries(value).flatMap(([name, part]) => (name === 'fallback' ? [] : actionsIn(part))),
  ];
};

const actionNamed = (card: unknown, command: string): Execute | undefined =>
  actionsIn(card).find(({ data }) => data?.command === command);

test('a run that is requested in Slack is approved in Teams, and both show it', {
  timeout: wholeMs,
}, async () => {
  const { grace } = teams.people;
  expect((await inTeams.message(grace, 'subscribe web')).status).toBe(200);
  await expect.poll(() => toText(teams.messages), patient).toContain('Subscribed');
  await typeInSlack('/deploy web production');

  await expect
    .poll(() => teamsCards('web to production', 'terraform_data.database'), patient)
    .toHaveLength(1);
  await expect.poll(() => slackCard('web to production'), patient).toContain('command:approve');
  const id = idIn(toText(teamsCards('web to production')[0]));
  const before = await product.stateOf('production');

  // The requester is the same person in both chats.
  const [asked] = teamsCards('web to production');
  const refresh = async (person: typeof grace) => {
    const answer = await inTeams.invoke(
      person,
      { verb: 'refresh', data: { run: id } },
      { replyToId: asked?.id ?? '', trigger: 'automatic' },
    );
    return (await answer.json()) as { value: unknown };
  };
  expect(actionNamed((await refresh(teams.people.ada)).value, 'approve')).toBeUndefined();
  const approve = actionNamed((await refresh(grace)).value, 'approve');
  expect(approve).toBeDefined();

  const click = (person: typeof grace) =>
    inTeams.invoke(
      person,
      { verb: approve?.verb ?? '', data: approve?.data ?? {} },
      { replyToId: asked?.id ?? '', trigger: 'manual' },
    );
  expect(await (await click(teams.people.ada)).text()).toContain('another approver must approve');
  expect(await product.stateOf('production')).toBe(before);
  const clicks = await Promise.all([click(grace), click(grace)]);
  expect(clicks.map(({ status }) => status)).toEqual([200, 200]);

  await expect.poll(() => teamsCards('web to production', 'Deployed'), patient).toHaveLength(1);
  await expect.poll(() => slackCard('web to production'), patient).toMatch(/Deployed/);
  expect(teamsCards('web to production')).toHaveLength(1);
  expect(await product.stateOf('production')).not.toBe(before);
  const run = await product.client.workflow.getHandle(id).query(runQuery);
  expect(run.approval?.votes.map(({ by }) => by.id)).toEqual(['grace@example.com']);
});

test('a failure and the recovery reach the channel once, although the bot was killed and Teams was unavailable', {
  timeout: wholeMs,
}, async () => {
  expect((await inTeams.message(teams.people.grace, 'subscribe web failures')).status).toBe(200);
  await expect.poll(() => toText(teams.messages), patient).toContain('web fails, is denied');
  await typeInSlack('/deploy web production --force');
  const [waiting = ''] = await waitingRuns();
  await product.killBot();
  teams.fault({ path: /conversations/ }, { status: 503 }, 'always');
  const handle = product.client.workflow.getHandle(waiting);
  await handle.executeUpdate(denyApplyUpdate, {
    args: [{ by: { id: 'grace@example.com', name: 'Grace' }, reason: 'the wrong evening' }],
    updateId: randomUUID(),
  });
  await product.startBot({ ready: false });
  await expect
    .poll(() => teams.calls.filter(({ method }) => method === 'POST').length, patient)
    .toBeGreaterThan(1);
  expect(teamsCards('the wrong evening')).toHaveLength(0);

  teams.clearFaults();
  await expect.poll(() => teamsCards('the wrong evening'), patient).toHaveLength(1);
  await handle.result();
  expect(teamsCards('the wrong evening')).toHaveLength(1);
  const [notice] = teamsCards('the wrong evening');
  expect(toText(notice)).toContain('Ada');

  await typeInSlack('/deploy web preview --force');
  await typeInSlack('/deploy web production --force');
  const [next = ''] = await waitingRuns();
  await product.client.workflow.getHandle(next).executeUpdate('approve_apply', {
    args: [{ by: { id: 'grace@example.com', name: 'Grace' } }],
    updateId: randomUUID(),
  });
  await expect.poll(() => teamsCards('web', 'production', 'Recovered'), patient).toHaveLength(1);
});

/** The production run that waits for approval, as soon as it exists. */
const waitingRuns = async (): Promise<readonly string[]> => {
  const look = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    const query = `quarterdeckEnvironment = "production" AND ExecutionStatus = "Running"`;
    for await (const { workflowId } of product.client.workflow.list({ query })) {
      if (!workflowId.startsWith('total-build-')) continue;
      const { status } = await product.client.workflow.getHandle(workflowId).query(runQuery);
      if (status === 'awaiting_approval') found.push(workflowId);
    }
    return found;
  };
  await expect.poll(look, patient).toHaveLength(1);
  return look();
};
