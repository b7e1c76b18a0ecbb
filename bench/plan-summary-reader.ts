import { spawn } from 'node:child_process';
import { readPlan } from '../activities/terraform/summary/read-plan.ts';

/** One summary in a process of its own, so that its memory can be told. */
const [terraform = 'terraform', cwd = '.'] = process.argv.slice(2);
const child = spawn(terraform, ['show', '-json', '-no-color', 'plan'], {
  cwd,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { summary } = await readPlan(child.stdout);
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ add: summary.counts.add, peakMegabytes }));
