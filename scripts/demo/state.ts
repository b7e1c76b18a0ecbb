import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { DemoPaths } from './paths.ts';

/**
 * Applies production as it was before Quarterdeck, so that the first plan shows a replacement and changes in
 * place, not only new resources.
 */
export const applyProduction = async (
  paths: DemoPaths,
  terraform: string,
  work: string,
  commit: string,
): Promise<void> => {
  const state = join(paths.state, 'production.tfstate');
  await mkdir(paths.state, { recursive: true });
  await rm(state, { force: true });
  const cwd = join(work, 'terraform');
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const options = {
    cwd,
    extendEnv: false,
    env: { ...env, TF_IN_AUTOMATION: '1', TF_VAR_commit: commit, TF_VAR_environment: 'production' },
  };
  await execa(terraform, ['init', '-input=false', `-backend-config=path=${state}`], options);
  await execa(terraform, ['apply', '-input=false', '-auto-approve'], options);
  await rm(join(cwd, '.terraform'), { recursive: true, force: true });
  await rm(join(cwd, '.terraform.lock.hcl'), { force: true });
};
