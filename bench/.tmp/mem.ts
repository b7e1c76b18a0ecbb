import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync, readdirSync } from 'node:fs';
import { untilReady } from '../../scripts/start/ready.ts';
import { typeDeploy } from '../runs.ts';
import { onStack } from '../stack.ts';
import { makeTiny } from '../tiny-service.ts';
const max = Number(process.argv[2] ?? 100);
const worker = process.argv[3] !== 'noworker';
const procs = () => readdirSync('/proc').filter((p) => /^\d+$/.test(p)).map((p) => { try { return { p, c: readFileSync(`/proc/${p}/cmdline`, 'utf8'), cwd: '' }; } catch { return { p, c: '' }; } }).filter(({ c }) => /node\0.*\/work\/main\/(bot|worker)\/main\.ts/.test(c) && !/leash/.test(c));
await onStack({ worker, prepare: (folder) => makeTiny(folder, max) }, async (stack) => {
  const show = async (label: string) => {
    console.log(label);
    for (const url of [(stack as any).botUrl, (stack as any).healthUrl]) {
      const text = await (await fetch(`${url}/metrics`)).text().catch(() => '');
      const get = (n: string) => Math.round(Number(new RegExp(`^${n}\\S* (\\S+)`, 'm').exec(text)?.[1] ?? 0) / 1e6);
      console.log('  ', url, 'rss', get('process_resident_memory_bytes'), 'heapTotal', get('nodejs_heap_size_total_bytes'), 'used', get('nodejs_heap_size_used_bytes'), 'ext', get('nodejs_external_memory_bytes'));
    }
    for (const { p, c } of procs()) { const st = readFileSync(`/proc/${p}/status`, 'utf8'); console.log('   ', p, c.split('\0')[1], st.match(/VmHWM.*/)?.[0], st.match(/RssAnon.*/)?.[0], st.match(/RssFile.*/)?.[0], st.match(/RssShmem.*/)?.[0]); }
  };
  await show('idle');
  await sleep(5000); await show('idle5');
  for (let i = 1; i <= max; i++) {
    await typeDeploy(stack, `tiny e${i}`);
    await sleep(250);
    if (i % 50 === 0) {
      await untilReady(async () => { const { count } = await stack.client.workflow.count(`provisionStatus = 'awaiting_approval'`); return count === i ? null : 'x'; }, 300000, AbortSignal.timeout(300000));
      await show(`waiting ${i}`);
    }
  }
  for (let k = 0; k < 4; k++) { await sleep(10000); await show(`later ${k}`); }
  if (process.argv[4]) await sleep(Number(process.argv[4]));
});
process.exit(0);
