import { spawn } from 'node:child_process';
import { readPlan } from '../activities/terraform/summary/read-plan.ts';

/** Makes one summary in a separate process, so that its memory can be measured. */
const [terraform = 'terraform', cwd = '.'] = process.argv.slice(2);
const child = spawn(terraform, ['show', '-json', '-no-color', 'plan'], {
  cwd,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { summary } = await readPlan(child.stdout);
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ add: summary.counts.add, peakMegabytes }));
