import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { TerraformWorkspace } from './workspace.ts';

/**
 * A string in Terraform's language; an unescaped template would be evaluated.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
const quoteHcl = (text: string): string => JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');

/**
 * Writes the catalog's backend settings to a file that only the worker's user can read, for `-backend-config`.
 * Returns its path, or null when there are no settings.
 * @throws catalogInvalid when a name is not an identifier; not retried.
 */
export const writeBackendConfig = async (workspace: TerraformWorkspace): Promise<string | null> => {
  const settings = Object.entries(workspace.backend);
  if (settings.length === 0) return null;
  const invalid = settings.find(([name]) => !/^[A-Za-z_][\w-]*$/.test(name));
  if (invalid)
    throw activityFailure({
      type: failureTypes.catalogInvalid,
      message: `${workspace.operation}: invalid backend setting name ${JSON.stringify(invalid[0])} in the catalog`,
      hint: "Use the backend's own setting names, for example `bucket` or `key`.",
    });
  const file = join(workspace.tempDir, 'backend.tfbackend');
  await writeFile(file, settings.map(([name, value]) => `${name} = ${quoteHcl(value)}\n`).join(''), {
    mode: 0o600,
  });
  return file;
};

interface Backend {
  /** `s3`, `pg`, `local`. */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The backend that `init` recorded in `.terraform`; null when the code has none. */
const readBackend = async (directory: string): Promise<Backend | null> => {
  const text = await readFile(join(directory, '.terraform', 'terraform.tfstate'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { backend } = JSON.parse(text) as { backend?: { type?: string; config?: Backend['config'] } | null };
  return backend?.type ? { type: backend.type, config: backend.config ?? {} } : null;
};

/** Whether a `local` backend writes its state into the worktree: its default, and any relative path. */
const isStateInWorktree = ({ type, config }: Backend, directory: string): boolean => {
  if (type !== 'local') return false;
  if (typeof config.path !== 'string' || !isAbsolute(config.path)) return true;
  return !relative(directory, resolve(config.path)).startsWith('..');
};

/**
 * Refuses code whose state would be deleted with the worktree: the next run would create everything again.
 * @throws noBackend, not retried.
 * @see https://developer.hashicorp.com/terraform/language/backend
 */
export const requireBackend = async ({ directory, operation }: TerraformWorkspace): Promise<Backend> => {
  const backend = await readBackend(directory);
  if (backend && !isStateInWorktree(backend, directory)) return backend;
  throw activityFailure({
    type: failureTypes.noBackend,
    message: backend
      ? `${operation}: the local backend keeps its state in the worktree, which is deleted after the run`
      : `${operation}: the Terraform code has no backend; its state would be deleted with the worktree`,
    hint: backend
      ? "Set `path` in the catalog's backend settings to a file outside the repository, or use a shared backend."
      : 'Add a backend or cloud block to the code, for example `terraform { backend "s3" {} }`. The catalog can hold its settings.',
  });
};
