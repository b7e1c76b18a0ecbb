import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from './activity-failure.ts';
import type { CommandResult } from './port.ts';

/** How to install what a worker commonly lacks. */
const hints: Readonly<Record<string, string>> = {
  git: 'Install git on the worker, for example with `apt-get install git`.',
  ssh: 'Install an ssh client on the worker, for example with `apt-get install openssh-client`.',
  npm: 'Install Node.js on the worker (https://nodejs.org); npm comes with it.',
  npx: 'Install Node.js on the worker (https://nodejs.org); npx comes with it.',
  node: 'Install Node.js on the worker (https://nodejs.org).',
  pnpm: 'Run `corepack enable` or `npm install -g pnpm` on the worker.',
  yarn: 'Run `corepack enable` or `npm install -g yarn` on the worker.',
  python: 'Install Python on the worker, for example with `apt-get install python3 python-is-python3`.',
  python3: 'Install Python on the worker, for example with `apt-get install python3`.',
  pip: 'Install pip on the worker, for example with `apt-get install python3-pip`.',
  pytest: 'Add pytest to the install command, or run `pip install pytest` on the worker.',
  uv: 'Install uv on the worker (https://docs.astral.sh/uv).',
  go: 'Install Go on the worker (https://go.dev/dl).',
  cargo: 'Install Rust on the worker (https://rustup.rs).',
  make: 'Install make on the worker, for example with `apt-get install make`.',
  terraform:
    'Install Terraform on the worker (https://developer.hashicorp.com/terraform/install) or set TERRAFORM_BIN.',
  tofu: 'Install OpenTofu on the worker (https://opentofu.org/docs/intro/install) or set TERRAFORM_BIN.',
  tflocal: 'Install tflocal on the worker with `pip install terraform-local`, or set TERRAFORM_BIN.',
  docker:
    'Install Docker on the worker (https://docs.docker.com/engine/install), or set `builder: buildah` in the catalog.',
  buildah:
    'Install buildah on the worker, for example with `apt-get install buildah`, or set `builder: docker` in the catalog.',
};

/** How to install a command, for the hint of an error. */
export const installHint = (command: string): string => {
  const name = command.split('/').at(-1) ?? command;
  return hints[name] ?? `Install ${name} on the worker, or add its folder to the worker's PATH.`;
};

/** dash: "sh: 1: x: not found"; bash: "bash: line 1: x: command not found"; busybox: "sh: x: not found". */
const notFound = /\bsh: (?:line )?(?:\d+: )?([^\s:]+): (?:command )?not found/;

/**
 * The failure of a shell line whose command is not installed: exit code 127, and its last lines name the
 * command. null for every other result. Its type is failureTypes.commandNotFound; it is not retried.
 */
export const commandNotFoundFailure = (
  operation: string,
  { exitCode, tail, log }: CommandResult,
): ApplicationFailure | null => {
  if (exitCode !== 127) return null;
  const name = tail.map((line) => notFound.exec(line)?.[1]).findLast((found) => found !== undefined);
  if (name === undefined) return null;
  return activityFailure({
    type: failureTypes.commandNotFound,
    message: `${operation}: command \`${name}\` is not installed on this worker`,
    hint: installHint(name),
    tail,
    log,
  });
};
