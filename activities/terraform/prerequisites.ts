import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { installHint } from '../process/command-not-found.ts';
import type { ProcessEnv } from '../process/process-env.ts';

/**
 * Refuses, before any command runs, a stack whose credentials are missing: it would fail halfway.
 * @throws missingCredentials, not retried. Names every missing variable, never a value.
 */
export const requireCredentials = (env: ProcessEnv, names: readonly string[], operation: string): void => {
  const missing = names.filter((name) => !env[name]);
  if (missing.length === 0) return;
  const isOne = missing.length === 1;
  throw activityFailure({
    type: failureTypes.missingCredentials,
    message: `${operation}: ${missing.join(' and ')} ${isOne ? 'is' : 'are'} not set on this worker; nothing was run`,
    hint: `Set ${isOne ? 'it' : 'them'} in the worker's environment, restart the worker, then \`retry\`.`,
  });
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Missing or not executable: both mean that this is not the program.
    return false;
  }
};

const findOnPath = (name: string, env: ProcessEnv): string | null => {
  if (isAbsolute(name) || name.includes(sep)) return isExecutable(name) ? name : null;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
};

/**
 * The path of the Terraform to run: the program that `TERRAFORM_BIN` names, else `terraform`, else `tofu`.
 * null when it is not installed.
 */
export const findTerraform = (setting: string | null, env: ProcessEnv): string | null =>
  setting ? findOnPath(setting, env) : (findOnPath('terraform', env) ?? findOnPath('tofu', env));

/**
 * Like `findTerraform`, for an activity that cannot run without it.
 * @throws terraformMissing, not retried.
 */
export const requireTerraform = (setting: string | null, env: ProcessEnv, operation: string): string => {
  const found = findTerraform(setting, env);
  if (found !== null) return found;
  throw activityFailure({
    type: failureTypes.terraformMissing,
    message: setting
      ? `${operation}: TERRAFORM_BIN is ${setting}, but this worker has no such program`
      : `${operation}: neither terraform nor tofu is installed on this worker`,
    hint: installHint(setting ?? 'terraform'),
  });
};
