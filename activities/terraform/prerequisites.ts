import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { installHint } from '../process/command-not-found.ts';
import type { ProcessEnv } from '../process/process-env.ts';

/** Refuses, before any command runs, what could only fail half-way for want of credentials. */
export const requireCredentials = (env: ProcessEnv, names: readonly string[], doing: string): void => {
  const missing = names.filter((name) => !env[name]);
  if (missing.length === 0) return;
  const them = missing.length === 1 ? 'it' : 'them';
  throw activityFailure({
    type: failureTypes.missingCredentials,
    message: `${doing}: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set on this worker, so nothing was run`,
    hint: `Set ${them} in the worker's environment and restart it, then retry.`,
  });
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const onPath = (name: string, env: ProcessEnv): string | null => {
  if (isAbsolute(name) || name.includes(sep)) return isProgram(name) ? name : null;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
};

/** The Terraform to run: what `TERRAFORM_BIN` names, else terraform, else tofu; null when there is none. */
export const findTerraform = (setting: string | null, env: ProcessEnv): string | null =>
  setting ? onPath(setting, env) : (onPath('terraform', env) ?? onPath('tofu', env));

/** The same, refusing to go on without. */
export const requireTerraform = (setting: string | null, env: ProcessEnv, doing: string): string => {
  const found = findTerraform(setting, env);
  if (found !== null) return found;
  throw activityFailure({
    type: failureTypes.terraformMissing,
    message: setting
      ? `${doing}: TERRAFORM_BIN is ${setting}, and there is no such program on this worker`
      : `${doing}: neither terraform nor tofu is installed on this worker`,
    hint: installHint(setting ?? 'terraform'),
  });
};
