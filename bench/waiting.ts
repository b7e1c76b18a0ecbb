import { waitUntilReady } from '../scripts/start/ready.ts';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { type Figure, quantile } from './results.ts';
import { runAtRate } from './run-at-rate.ts';
import { typeDeploy } from './runs.ts';
import { createTinyService } from './tiny-service.ts';

const runs = 200;
const withinMs = 900_000;
/** The rate at which two processors plan, so that no start waits long for another. */
const startsPerSecond = 4;
const looksPerSecond = 5;
const looks = 100;

const allWait = ({ client }: BenchStack): Promise<void> =>
  waitUntilReady(
    async () => {
      const { count } = await client.workflow.count(`provisionStatus = 'awaiting_approval'`);
      return count === runs ? null : `only ${count} of ${runs} runs wait for approval`;
    },
    withinMs,
    AbortSignal.timeout(2 * withinMs),
  );

const measure = async (stack: BenchStack): Promise<readonly Figure[]> => {
  const { slack, workspace, memory } = stack;
  await runAtRate(startsPerSecond, runs / startsPerSecond, async (index) => {
    await typeDeploy(stack, `tiny e${index + 1}`);
  });
  await allWait(stack);
  // Cards are still being sent to Slack, as in real use: it accepts 45 messages a minute.
  const look = async (): Promise<void> => {
    const who = { user: workspace.grace, channel: workspace.channel };
    const text = await (await slack.command('/deploy status', who)).text();
    if (!text.includes('Waiting for you')) throw new Error(`/status: ${text.slice(0, 500)}`);
  };
  const taken = await runAtRate(looksPerSecond, looks / looksPerSecond, look);
  // Measure only now, so that the memory of 200 plans does not count.
  const [worker, bot] = await Promise.all([memory('worker'), memory('bot')]);
  const shared = { floor: null, unit: 'MB' as const, aim: 400 };
  return [
    { name: `worker with ${runs} runs that wait for approval`, value: worker, ...shared },
    { name: `bot with ${runs} runs that wait for approval`, value: bot, ...shared },
    {
      name: `/status with ${runs} runs that wait, p99`,
      value: quantile(taken, 0.99),
      floor: null,
      unit: 'ms',
      aim: 250,
    },
  ];
};

/** Measures two hundred runs that wait for approval, each in a separate environment. */
export const bench = (): Promise<readonly Figure[]> =>
  withBenchStack({ worker: true, prepare: (folder) => createTinyService(folder, runs) }, measure);
