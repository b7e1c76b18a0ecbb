import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openTeamsWorld } from '../bot/teams/testing/teams-world.ts';
import { type Figure, quantile } from './results.ts';

const junk = 20_000;
const atOnce = 20;
const clicks = 400;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An unsigned token of a new tenant. The SDK alone would cache one entry for each tenant, without a limit. */
const junkToken = (index: number): string => {
  const tid = `${index}`.padStart(8, '0') + 'x'.repeat(200);
  const claims = { iss: `https://sts.windows.net/${tid}/`, tid, ver: '1.0', appid: tid };
  return `${part({ alg: 'RS256', kid: 'unknown' })}.${part(claims)}.c2lnbmF0dXJl`;
};

const heap = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
};

/** Measures what a flood of unsigned tokens costs in memory, and how it slows later requests. */
export const bench = async (): Promise<readonly Figure[]> => {
  // The rate limit is off, so that every token reaches the authentication.
  const world = await openTeamsWorld({ limits: { windowMs: 10_000, failures: junk * 2 } });
  const { requests, teams } = world;
  const body = requests.messageActivity(teams.people.ada, 'status');
  const flood = async (from: number, count: number): Promise<void> => {
    for (let index = from; index < from + count; index += atOnce) {
      const sent = Array.from({ length: atOnce }, async (_, offset) => {
        const answer = await requests.raw(body, { token: junkToken(index + offset) });
        if (answer.status !== 401) throw new Error(`a junk token was answered with HTTP ${answer.status}`);
        await answer.arrayBuffer();
      });
      await Promise.all(sent);
    }
  };
  const click = async (): Promise<number> => {
    const from = performance.now();
    const action = { verb: 'refresh', data: { run: 'total-build-1' } };
    const answer = await requests.invoke(teams.people.grace, action);
    if (!answer.ok) throw new Error(`a click was answered with HTTP ${answer.status}`);
    await answer.arrayBuffer();
    return performance.now() - from;
  };
  const measureClicks = async (): Promise<readonly number[]> => {
    const taken: number[] = [];
    for (let index = 0; index < clicks; index += 1) taken.push(await click());
    return taken;
  };
  try {
    await flood(junk * 10, 2000);
    await measureClicks();
    const [before, heapBefore] = [await measureClicks(), heap()];
    await flood(0, junk);
    const [heapAfter, after] = [heap(), await measureClicks()];
    return [
      {
        name: `heap growth by ${junk} junk tokens`,
        value: Math.max(0, heapAfter - heapBefore),
        floor: null,
        unit: 'MB',
        aim: 5,
      },
      {
        name: 'answer to a click after them, p50, compared with before',
        value: quantile(after, 0.5),
        floor: quantile(before, 0.5),
        unit: 'ms',
        aim: 1.1,
      },
    ];
  } finally {
    await world.close();
  }
};
