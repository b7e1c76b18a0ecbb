import { setTimeout as sleep } from 'node:timers/promises';
import { findTerraform } from '../../activities/terraform/binary.ts';
import { makeNotingTerraform } from '../noting-terraform.ts';
import { clickApprove, findRun, reaches, typeDeploy } from '../runs.ts';
import { onStack } from '../stack.ts';
import { makeTiny } from '../tiny-service.ts';
const now = () => performance.timeOrigin + performance.now();
const terraform = findTerraform(null, process.env)!;
let notes: any;
await onStack({ worker: true, prepare: async (folder) => { notes = await makeNotingTerraform(folder, terraform); return { ...(await makeTiny(folder, 8)), terraform: notes.path }; } }, async (stack) => {
  for (let i = 1; i <= 8; i++) {
    const run = await findRun(stack, await typeDeploy(stack, `tiny e${i}`));
    const view = await reaches(run, 'awaiting_approval');
    await sleep(700);
    await notes.forget();
    const t = now();
    await clickApprove(stack, view);
    const acked = now();
    await reaches(run, 'succeeded');
    const { events } = await run.fetchHistory();
    const ms = (e: any) => Number(e.eventTime.seconds) * 1000 + e.eventTime.nanos / 1e6 - t;
    const out = (events ?? []).filter((e) => ms(e) > 0).map((e: any) => `${ms(e).toFixed(1)}:${Object.keys(e).find((k) => /Attributes$/.test(k) && e[k])?.replace('EventAttributes','')}${e.activityTaskScheduledEventAttributes?.activityType?.name ?? ''}`).slice(0, 12);
    console.log('ack', (acked - t).toFixed(1), 'init', (await notes.times('init')).map((x: number) => (x - t).toFixed(1)), 'apply', (await notes.times('apply')).map((x: number) => (x - t).toFixed(1)), out.join(' '));
  }
});
process.exit(0);
