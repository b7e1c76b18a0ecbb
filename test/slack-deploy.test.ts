import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmulatedSlack } from '../bot/slack/testing/emulated-slack.ts';
import { clickPayload } from '../bot/slack/testing/interactions.ts';
import { createSignedRequests } from '../bot/slack/testing/signed-requests.ts';
import { openSink } from '../bot/slack/testing/sink.ts';
import { runQuery } from '../workflows/contract/run-messages.ts';
import { type Product, startProduct } from './product.ts';

// The main use case with an emulated Slack; the two processes, Temporal, git and Terraform are real.

const signingSecret = 'a-signing-secret-for-tests';
const patient = { timeout: 90_000, interval: 300 };
let slack: Awaited<ReturnType<typeof openEmulatedSlack>>;
let sink: Awaited<ReturnType<typeof openSink>>;
let product: Product;
let requests: ReturnType<typeof createSignedRequests>;

beforeAll(async () => {
  slack = await openEmulatedSlack();
  sink = await openSink();
  product = await startProduct({
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: slack.apiUrl,
  });
  requests = createSignedRequests(`${product.url}/slack/events`, signingSecret);
});

afterAll(async () => {
  await product?.stop();
  await Promise.all([slack?.close(), sink?.close()]);
});

interface Drawn {
  readonly ts: string;
  readonly text: string;
  readonly all: string;
  readonly buttons: readonly { readonly action_id: string; readonly value?: string }[];
}

/** The cards in the channel whose text names their environment. */
const cards = async (environment: string): Promise<readonly Drawn[]> => {
  const messages = await slack.messages();
  const drawn = messages.map((message) => {
    const blocks = (message.blocks ?? []) as { type: string; elements?: Drawn['buttons'] }[];
    return {
      ts: message.ts ?? '',
      text: message.text ?? '',
      all: JSON.stringify(message),
      buttons: blocks.filter(({ type }) => type === 'actions').flatMap(({ elements }) => elements ?? []),
    };
  });
  return drawn.filter(({ all }) => all.includes(`web to ${environment}`));
};

const card = async (environment: string): Promise<Drawn> => {
  const [only] = await cards(environment);
  return only ?? { ts: '', text: '', all: '', buttons: [] };
};

const buttonNamed = (drawn: Drawn, command: string) =>
  drawn.buttons.find(({ action_id }) => action_id.startsWith(`command:${command}:`));

const click = async (user: string, command: string, environment: string): Promise<Response> => {
  const drawn = await card(environment);
  const button = buttonNamed(drawn, command);
  if (!button) throw new Error(`no ${command} button on: ${drawn.all}\n${product.printed()}`);
  return requests.interaction(
    clickPayload({
      user,
      channel: slack.channel,
      button,
      messageTs: drawn.ts,
      triggerId: `1.2.${randomUUID()}`,
      responseUrl: sink.url,
    }),
  );
};

const idOf = (drawn: Drawn): string => /total-build-[0-9a-f-]{36}/.exec(drawn.all)?.[0] ?? '';

test('a deployment is requested, approved and applied from Slack, in one message', async () => {
  const answer = await requests.command(
    '/deploy web production',
    { user: slack.ada, channel: slack.channel },
    sink.url,
  );
  expect(answer.status).toBe(200);

  await expect.poll(async () => buttonNamed(await card('production'), 'approve'), patient).toBeTruthy();
  const asked = await card('production');
  expect(asked.all).toContain('terraform_data.database');
  expect(asked.all).toContain('Ada');
  const before = await product.stateOf('production');

  await click(slack.ada, 'approve', 'production');
  const { view } = { view: await product.client.workflow.getHandle(idOf(asked)).query(runQuery) };
  expect(view.status).toBe('awaiting_approval');
  expect(await product.stateOf('production')).toBe(before);

  const clicks = await Promise.all([
    click(slack.grace, 'approve', 'production'),
    click(slack.grace, 'approve', 'production'),
  ]);
  expect(clicks.map(({ status }) => status)).toEqual([200, 200]);

  await expect.poll(async () => (await card('production')).text, patient).toMatch(/Deployed/);
  const done = await card('production');
  expect(done.ts).toBe(asked.ts);
  expect(buttonNamed(done, 'approve')).toBeUndefined();
  expect(await cards('production')).toHaveLength(1);
  expect(await product.stateOf('production')).not.toBe(before);

  const run = await product.client.workflow.getHandle(idOf(asked)).query(runQuery);
  expect(run.approval?.votes.map(({ by }) => by.id)).toEqual(['grace@example.com']);
  expect(run.events.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
  await expect
    .poll(async () => (await slack.thread(done.ts)).some(({ files }) => (files ?? []).length > 0), patient)
    .toBe(true);
});

test('the audit trail shows the requester, the approver and what was applied', async () => {
  const audit = await product.auditOf(idOf(await card('production')));
  const said = audit.map(({ kind, by }) => [kind, by]);
  expect(said).toContainEqual(['asked', 'ada@example.com']);
  expect(said).toContainEqual(['approved', 'grace@example.com']);
  expect(said.map(([kind]) => kind)).toContain('applied');
});

test('the run continues while Slack is unavailable and the bot is killed, and Slack is notified later', async () => {
  slack.proxy.faults.set('*', ['reset']);
  await requests.command('/deploy web preview', { user: slack.ada, channel: slack.channel }, sink.url);
  const started = async (): Promise<string> => {
    for await (const { workflowId } of product.client.workflow.list({
      query: 'quarterdeckEnvironment = "preview"',
    }))
      if (workflowId.startsWith('total-build-')) return workflowId;
    return '';
  };
  await expect.poll(started, patient).not.toBe('');
  const handle = product.client.workflow.getHandle(await started());
  await expect.poll(async () => (await handle.query(runQuery)).status, patient).toBe('succeeded');
  await product.killBot();
  expect(await cards('preview')).toHaveLength(0);

  slack.proxy.faults.clear();
  await product.startBot();
  await expect.poll(async () => (await card('preview')).text, patient).toMatch(/Deployed/);
  await handle.result();
  expect(await cards('preview')).toHaveLength(1);
});
