import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TypedSearchAttributes } from '@temporalio/common';
import { createSignedRequests, type SignedRequests } from '../bot/slack/testing/signed-requests.ts';
import { acceptsConnections } from '../scripts/start/ports.ts';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { freePorts } from './free-ports.ts';
import { type Figure, quantile } from './results.ts';
import { runAtRate } from './run-at-rate.ts';
import { signingSecret } from './slack-workspace.ts';
import { createTinyService } from './tiny-service.ts';

const perSecond = 50;
// 20 seconds of each, in turns, so that other load on this machine affects all three equally.
const turns = 4;
const secondsATurn = 5;

const startEcho = async ({ start }: BenchStack): Promise<SignedRequests> => {
  const [port = 0] = await freePorts(1);
  const program = fileURLToPath(new URL('./echo.ts', import.meta.url));
  await start(
    { name: 'echo', file: process.execPath, args: [program, String(port), signingSecret] },
    async () => ((await acceptsConnections(port, '127.0.0.1')) ? null : 'the echo does not listen'),
  );
  return createSignedRequests(`http://127.0.0.1:${port}/slack/events`, signingSecret);
};

/** The same call as the bot's, of a type that the bot does not list. */
const rawStart =
  ({ client }: BenchStack) =>
  async (): Promise<void> => {
    await client.workflow.start('floor', {
      workflowId: `floor-${randomUUID()}`,
      taskQueue: 'floor',
      args: [{ service: 'tiny', environment: 'e1', requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: 'Deploy tiny to e1 for Ada',
      typedSearchAttributes: new TypedSearchAttributes([
        { key: searchAttributes.service, value: 'tiny' },
        { key: searchAttributes.environment, value: 'e1' },
        { key: searchAttributes.requester, value: 'ada@example.com' },
      ]),
    });
  };

const measure = async (stack: BenchStack): Promise<readonly Figure[]> => {
  const { ada: user, channel } = stack.workspace;
  const command = (slack: SignedRequests, expected: string) => async (): Promise<void> => {
    const answer = await slack.command('/deploy tiny e1', { user, channel });
    const text = await answer.text();
    if (!answer.ok || !text.includes(expected)) throw new Error(`/deploy: HTTP ${answer.status} ${text}`);
  };
  const works = {
    echo: command(await startEcho(stack), 'tiny e1'),
    start: rawStart(stack),
    ours: command(stack.slack, 'Started'),
  };
  const taken: Record<keyof typeof works, number[]> = { echo: [], start: [], ours: [] };
  const names = ['echo', 'start', 'ours'] as const;
  for (const name of names) await runAtRate(perSecond, 2, works[name]);
  for (let turn = 0; turn < turns; turn += 1)
    for (const name of names) taken[name].push(...(await runAtRate(perSecond, secondsATurn, works[name])));
  const percentile = (q: number) => ({
    value: quantile(taken.ours, q),
    floor: quantile(taken.echo, q) + quantile(taken.start, q),
    unit: 'ms' as const,
    aim: 1.5,
  });
  return [
    {
      name: 'ack of /deploy at 50/s, p50, compared with bare Bolt + bare workflow.start',
      ...percentile(0.5),
    },
    {
      name: 'ack of /deploy at 50/s, p99, compared with bare Bolt + bare workflow.start',
      ...percentile(0.99),
    },
    {
      name: 'largest ack of /deploy (Slack gives up at 3,000 ms)',
      value: Math.max(...taken.ours),
      floor: null,
      unit: 'ms',
      aim: 3000,
    },
  ];
};

/**
 * From the signed request to Slack's acknowledgement. No worker polls: Temporal accepts a start without
 * one, and a thousand deployments on the same processors would be measured instead of the answer.
 */
export const bench = (): Promise<readonly Figure[]> =>
  withBenchStack({ prepare: (folder) => createTinyService(folder, 1), worker: false }, measure);
