import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { FixableError } from './reporter.mjs';

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // missing, or not executable by this user
  }
};

/** Absolute path of a program on PATH, or null. A path instead of a name is checked directly. */
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

const fail = (message, fix) => {
  throw new FixableError(message, process.platform === 'darwin' ? fix.darwin : fix.linux);
};

const gitFix = { darwin: 'brew install git', linux: 'sudo apt-get install -y git' };

export const gitStep = {
  name: 'git',
  missing: ({ env }) => findProgram('git', env) === null,
  bring: () => fail('git is not on PATH. Quarterdeck reads deployments from git repositories.', gitFix),
};

const terraformFix = {
  darwin: 'brew install opentofu',
  linux:
    'curl -fsSL https://get.opentofu.org/install-opentofu.sh -o install-opentofu.sh && ' +
    'sh install-opentofu.sh --install-method standalone',
};
const anySystem = (fix) => ({ darwin: fix, linux: fix });

const findTerraform = (env) =>
  env.TERRAFORM_BIN
    ? findProgram(env.TERRAFORM_BIN, env)
    : (findProgram('terraform', env) ?? findProgram('tofu', env));

export const terraformStep = {
  name: 'terraform',
  missing: ({ env }) => findTerraform(env) === null,
  bring: ({ env }) =>
    env.TERRAFORM_BIN
      ? fail(
          `TERRAFORM_BIN is ${env.TERRAFORM_BIN}, which is not an executable file.`,
          anySystem('export TERRAFORM_BIN=/path/to/terraform'),
        )
      : fail('Neither terraform nor tofu is on PATH. Quarterdeck needs one of them to deploy.', terraformFix),
};
