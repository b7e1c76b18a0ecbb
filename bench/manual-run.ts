import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  buildArguments,
  buildEnvironment,
  chooseBuilder,
  storageArguments,
} from '../activities/image/builder.ts';
import { createProcessEnv } from '../activities/process/process-env.ts';
import { findBuilder } from '../scripts/demo/create-demo.ts';
import { requireTerraform } from './need-terraform.ts';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const line = (args: readonly string[]): string => args.map(quote).join(' ');

/** The demo's deployment as a shell script: one step after the other. */
export interface ManualRun {
  deploy(commit: string): Promise<void>;
  /** Removes the built images, including those of the product. */
  removeImages(names: readonly string[]): Promise<void>;
}

export const createManualRun = async (repository: string, folder: string): Promise<ManualRun> => {
  const { env } = process;
  const terraform = requireTerraform();
  const builder = (await findBuilder()) === 'auto' ? await chooseBuilder('auto', env, 'measuring') : null;
  const mirror = join(folder, 'mirror.git');
  await mkdir(folder, { recursive: true });
  await execa('git', ['clone', '--quiet', '--mirror', repository, mirror]);

  const steps = (commit: string): readonly string[] => {
    const work = join(folder, commit);
    const tag = `by-hand:${commit.slice(0, 12)}`;
    const build = { dockerfile: join(work, 'Dockerfile'), context: work, tag, commit };
    return [
      line(['git', '-C', mirror, 'fetch', '--quiet', 'origin']),
      line(['git', '-C', mirror, 'worktree', 'add', '--quiet', '--detach', work, commit]),
      line(['cd', work]),
      'npm ci',
      'npm test',
      ...(builder
        ? [line([builder, ...storageArguments(builder, env), ...buildArguments(builder, build)])]
        : []),
      'cd terraform',
      line([terraform, 'init', '-input=false', `-backend-config=path=${join(folder, 'terraform.tfstate')}`]),
      line([terraform, 'plan', '-input=false', '-out=plan']),
      line([terraform, 'show', '-no-color', 'plan']),
      line([terraform, 'apply', '-input=false', 'plan']),
      line([terraform, 'output', '-json']),
    ];
  };

  return {
    async deploy(commit) {
      const variables = {
        environment: 'preview',
        replicas: '1',
        commit,
        image: `web:${commit.slice(0, 12)}`,
      };
      await execa('sh', ['-c', ['set -e', ...steps(commit)].join('\n')], {
        extendEnv: false,
        env: {
          ...createProcessEnv(env, 'build'),
          ...buildEnvironment(env),
          ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
          TF_IN_AUTOMATION: '1',
          CHECKPOINT_DISABLE: '1',
        },
      });
    },
    async removeImages(names) {
      if (!builder) return;
      const command = builder === 'docker' ? ['image', 'rm'] : [...storageArguments(builder, env), 'rmi'];
      await execa(builder, [...command, ...names]);
    },
  };
};
