import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type FakeTeams, openFakeTeams } from '../bot/teams/testing/fake-teams.ts';
import { createTeamsRequests } from '../bot/teams/testing/teams-requests.ts';
import { acceptsConnections } from '../scripts/start/ports.ts';
import { approveApplyUpdate } from '../workflows/contract/run-messages.ts';
import type { RunView } from '../workflows/contract/run-view.ts';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { freePorts } from './free-ports.ts';
import { type Figure, quantile } from './results.ts';
import { runAtRate } from './run-at-rate.ts';
import { findRun, reaches, typeDeploy } from './runs.ts';
import { createTinyService } from './tiny-service.ts';

const perSecond = 20;
// 20 seconds of each, in turns, so that other load on this machine affects all equally.
const turns = 4;
const secondsATurn = 5;

const startEcho = async ({ start }: BenchStack): Promise<string> => {
  const [port = 0] = await freePorts(1);
  const program = fileURLToPath(new URL('./teams-echo.ts', import.meta.url));
  await start({ name: 'teams-echo', file: process.execPath, args: [program, String(port)] }, async () =>
    (await acceptsConnections(port, '127.0.0.1')) ? null : 'the echo does not listen',
  );
  return `http://127.0.0.1:${port}/api/messages`;
};

/** Grace's click on Approve. Each click is on another card, so that each is a separate update. */
const clickAt = (url: string, teams: FakeTeams, { workflowId, approval }: RunView) => {
  const requests = createTeamsRequests(url, teams);
  const data = { command: 'approve', args: workflowId, digest: approval?.digest };
  return async (expected: string): Promise<void> => {
    const action = { verb: 'command', data };
    const answer = await requests.invoke(teams.people.grace, action, { replyToId: randomUUID() });
    const text = await answer.text();
    if (!answer.ok || !text.includes(expected)) throw new Error(`Approve: HTTP ${answer.status} ${text}`);
  };
};

const measure = async (stack: BenchStack, teams: FakeTeams): Promise<readonly Figure[]> => {
  const run = await findRun(stack, await typeDeploy(stack, 'tiny e1'));
  const view = await reaches(run, 'awaiting_approval');
  const echo = clickAt(await startEcho(stack), teams, view);
  const ours = clickAt(`${stack.botUrl}/api/messages`, teams, view);
  const by = { id: 'grace@example.com', name: 'Grace' };
  const works = {
    echo: () => echo('tiny e1'),
    update: async () => {
      await run.executeUpdate(approveApplyUpdate, { args: [{ by }], updateId: randomUUID() });
    },
    ours: () => ours('pprove'),
  };
  const names = ['echo', 'update', 'ours'] as const;
  const taken: Record<(typeof names)[number], number[]> = { echo: [], update: [], ours: [] };
  for (const name of names) await runAtRate(perSecond, 2, works[name]);
  for (let turn = 0; turn < turns; turn += 1)
    for (const name of names) taken[name].push(...(await runAtRate(perSecond, secondsATurn, works[name])));
  const percentile = (q: number) => ({
    value: quantile(taken.ours, q),
    floor: quantile(taken.echo, q) + quantile(taken.update, q),
    unit: 'ms' as const,
    aim: 1.5,
  });
  return [
    {
      name: 'answer to a click in Teams at 20/s, p50, compared with bare botbuilder + bare update',
      ...percentile(0.5),
    },
    {
      name: 'answer to a click in Teams at 20/s, p99, compared with bare botbuilder + bare update',
      ...percentile(0.99),
    },
  ];
};

/** Measures the time from the signed click to its HTTP answer, while the run waits for a second approval. */
export const bench = async (): Promise<readonly Figure[]> => {
  const teams = await openFakeTeams();
  const approval = '{ required: 2, approvers: [grace@example.com, linus@example.com], timeout: 2h }';
  try {
    return await withBenchStack(
      { prepare: (folder) => createTinyService(folder, 1, approval), worker: true, more: teams.env },
      (stack) => measure(stack, teams),
    );
  } finally {
    await teams.close();
  }
};
