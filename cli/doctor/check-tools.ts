import { execa } from 'execa';
import { installHint } from '../../activities/process/command-not-found.ts';
import { findTerraform } from '../../activities/terraform/prerequisites.ts';
import type { Env } from '../../runtime/env.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

/** The first line that a program says about itself; null when it cannot be run. */
const firstLine = async (file: string, args: readonly string[]): Promise<string | null> => {
  const { stdout, failed } = await execa(file, args, { reject: false, timeout: 10_000, stderr: 'ignore' });
  return failed ? null : ((stdout ?? '').split('\n', 1)[0] ?? '').trim();
};

const checkGit = async (): Promise<Finding> => {
  const version = await firstLine('git', ['--version']);
  return version ? ok('git', version) : fail('git', 'not found', installHint('git'));
};

const checkTerraform = async (setting: string | null, env: Env): Promise<Finding> => {
  const file = findTerraform(setting, env);
  if (file === null) {
    const text = setting
      ? `TERRAFORM_BIN is ${setting}, which is not there`
      : 'neither terraform nor tofu found';
    return fail('Terraform', text, installHint(setting ?? 'terraform'));
  }
  const version = await firstLine(file, ['version']);
  return version
    ? ok('Terraform', `${version} (${file})`)
    : fail('Terraform', `${file} does not run`, installHint('terraform'));
};

const checkBuilder = async (): Promise<Finding> => {
  const [engine, buildah] = await Promise.all([
    firstLine('docker', ['info', '--format', '{{.ServerVersion}}']),
    firstLine('buildah', ['--version']),
  ]);
  if (engine) return ok('images', `docker ${engine}`);
  if (buildah) return ok('images', buildah);
  const todo = 'Install docker or buildah, or let the catalog say builder: none.';
  return warn('images', 'no docker engine answers, and there is no buildah', todo);
};

/** The programs that stages run. */
export const checkTools =
  (terraformBin: string | null, env: Env): Check =>
  () =>
    Promise.all([checkGit(), checkTerraform(terraformBin, env), checkBuilder()]);
