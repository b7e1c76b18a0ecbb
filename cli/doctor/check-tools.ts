import { execa } from 'execa';
import { installHint } from '../../activities/process/command-not-found.ts';
import { findTerraform } from '../../activities/terraform/prerequisites.ts';
import type { Env } from '../../runtime/env.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

/** The first line of a program's output; null when it can't be run. */
const readFirstLine = async (file: string, args: readonly string[]): Promise<string | null> => {
  const { stdout, failed } = await execa(file, args, { reject: false, timeout: 10_000, stderr: 'ignore' });
  return failed ? null : ((stdout ?? '').split('\n', 1)[0] ?? '').trim();
};

const checkGit = async (): Promise<Finding> => {
  const version = await readFirstLine('git', ['--version']);
  return version ? ok('git', version) : fail('git', 'not found', installHint('git'));
};

const checkTerraform = async (setting: string | null, env: Env): Promise<Finding> => {
  const file = findTerraform(setting, env);
  if (file === null) {
    const text = setting ? `TERRAFORM_BIN not found: ${setting}` : 'terraform and tofu not found';
    return fail('Terraform', text, installHint(setting ?? 'terraform'));
  }
  const version = await readFirstLine(file, ['version']);
  return version
    ? ok('Terraform', `${version} (${file})`)
    : fail('Terraform', `${file} can’t be run`, installHint('terraform'));
};

const checkBuilder = async (): Promise<Finding> => {
  const [engine, buildah] = await Promise.all([
    readFirstLine('docker', ['info', '--format', '{{.ServerVersion}}']),
    readFirstLine('buildah', ['--version']),
  ]);
  if (engine) return ok('images', `docker ${engine}`);
  if (buildah) return ok('images', buildah);
  const fix = 'Install docker or buildah, or set `builder: none` in the catalog.';
  return warn('images', 'no docker engine responds, and buildah is not installed', fix);
};

/** The programs that the stages run. */
export const checkTools =
  (terraformBin: string | null, env: Env): Check =>
  () =>
    Promise.all([checkGit(), checkTerraform(terraformBin, env), checkBuilder()]);
