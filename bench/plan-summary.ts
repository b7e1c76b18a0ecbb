import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTerraform } from '../activities/terraform/prerequisites.ts';
import { type Figure, quantile } from './results.ts';

const run = promisify(execFile);
const resources = 5000;
const rounds = 5;

const code = `resource "terraform_data" "thing" {
  count = ${resources}
  input = { index = count.index, name = "thing-\${count.index}", port = 8080 }
}
`;

const counting =
  '[.resource_changes[].change.actions | join("-")] | group_by(.) | map({(.[0]): length}) | add';

const timed = async <T>(work: () => Promise<T>): Promise<readonly [number, T]> => {
  const begin = performance.now();
  const result = await work();
  return [performance.now() - begin, result];
};

/** Both start a new process that starts Terraform, so neither has a warm start. */
const summarise = async (terraform: string, folder: string, env: NodeJS.ProcessEnv): Promise<number> => {
  const reader = fileURLToPath(new URL('./plan-summary-reader.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [reader, terraform, folder], { env });
  const { add, peakMegabytes } = JSON.parse(stdout) as { add: number; peakMegabytes: number };
  if (add !== resources) throw new Error(`the summary counts ${add} resources instead of ${resources}`);
  return peakMegabytes;
};

const countWithJq = async (terraform: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> => {
  const child = spawn('sh', ['-c', `"$0" show -json plan | jq '${counting}'`, terraform], {
    cwd: folder,
    env,
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  if (!text.includes(String(resources))) throw new Error(`jq counted ${text}`);
};

/** Compares the summary of a plan of 5,000 resources with the simplest command that counts them. */
export const bench = async (): Promise<readonly Figure[]> => {
  const configured = process.env.TF_CLI_CONFIG_FILE;
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: configured && existsSync(configured) ? configured : undefined,
  };
  const terraform = findTerraform(process.env.TERRAFORM_BIN ?? null, process.env);
  if (terraform === null) throw new Error('the benchmark of the plan summary needs terraform or tofu');
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-plan-'));
  try {
    await writeFile(join(folder, 'main.tf'), code);
    await run(terraform, ['plan', '-out=plan', '-input=false'], { cwd: folder, env, maxBuffer: 1e9 });
    const ours: number[] = [];
    const theirs: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [duration, peak] = await timed(() => summarise(terraform, folder, env));
      const [floor] = await timed(() => countWithJq(terraform, folder, env));
      ours.push(duration);
      theirs.push(floor);
      peaks.push(peak);
    }
    return [
      {
        name: 'summary of a plan of 5,000 resources, compared with terraform show | jq',
        value: quantile(ours, 0.5),
        floor: quantile(theirs, 0.5),
        unit: 'ms',
        aim: 1.5,
      },
      {
        name: 'peak memory of that summary, complete Node process',
        value: Math.max(...peaks),
        floor: null,
        unit: 'MB',
        aim: 150,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
