import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { FixableError } from './report.mjs';

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run
  }
};

/** Absolute path of a program on PATH, or null. A path instead of a name is looked at directly. */
export const findProgram = (name, env) => {
  if (isAbsolute(name) || name.includes('/')) return isProgram(name) ? name : null;
  return (
    (env.PATH ?? '')
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, name))
      .find(isProgram) ?? null
  );
};

const fail = (message, mend) => {
  throw new FixableError(message, process.platform === 'darwin' ? mend.darwin : mend.linux);
};

const gitMend = { darwin: 'brew install git', linux: 'sudo apt-get install -y git' };

export const gitStep = {
  missing: ({ env }) => findProgram('git', env) === null,
  bring: () => fail('git is not on PATH: deployments are read from git repositories.', gitMend),
};

const terraformMend = {
  darwin: 'brew install opentofu',
  linux:
    'curl -fsSL https://get.opentofu.org/install-opentofu.sh -o install-opentofu.sh && ' +
    'sh install-opentofu.sh --install-method standalone',
};

const findTerraform = (env) =>
  env.TERRAFORM_BIN
    ? findProgram(env.TERRAFORM_BIN, env)
    : (findProgram('terraform', env) ?? findProgram('tofu', env));

export const terraformStep = {
  missing: ({ env }) => findTerraform(env) === null,
  bring: ({ env }) =>
    env.TERRAFORM_BIN
      ? fail(`TERRAFORM_BIN is ${env.TERRAFORM_BIN}, which is not a program that can be run.`, {
          darwin: 'export TERRAFORM_BIN=/path/to/terraform',
          linux: 'export TERRAFORM_BIN=/path/to/terraform',
        })
      : fail('neither terraform nor tofu is on PATH: one of them does the deploying.', terraformMend),
};
