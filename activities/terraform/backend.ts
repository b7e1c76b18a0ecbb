import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { TerraformWorkspace } from './workspace.ts';

/** As Terraform's own language writes a string: a template in it would be carried out. */
const quoted = (text: string): string => JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');

/** Writes the catalog's settings where only this worker's user can read them; null when there are none. */
export const writeBackendConfig = async (place: TerraformWorkspace): Promise<string | null> => {
  const settings = Object.entries(place.backend);
  if (settings.length === 0) return null;
  const wrong = settings.find(([name]) => !/^[A-Za-z_][\w-]*$/.test(name));
  if (wrong)
    throw activityFailure({
      type: failureTypes.catalogInvalid,
      message: `${place.operation}: the catalog has a backend setting named ${JSON.stringify(wrong[0])}`,
      hint: 'Name backend settings as Terraform does, for example `bucket` or `key`.',
    });
  const file = join(place.tempDir, 'backend.tfbackend');
  await writeFile(file, settings.map(([name, value]) => `${name} = ${quoted(value)}\n`).join(''), {
    mode: 0o600,
  });
  return file;
};

interface Backend {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What `init` wrote down about the backend; null when the code has none. */
const readBackend = async (directory: string): Promise<Backend | null> => {
  const text = await readFile(join(directory, '.terraform', 'terraform.tfstate'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { backend } = JSON.parse(text) as { backend?: { type?: string; config?: Backend['config'] } | null };
  return backend?.type ? { type: backend.type, config: backend.config ?? {} } : null;
};

/** The `local` backend keeps its file in the folder it runs in, unless it is told otherwise. */
const isThrownAway = ({ type, config }: Backend, directory: string): boolean => {
  if (type !== 'local') return false;
  if (typeof config.path !== 'string' || !isAbsolute(config.path)) return true;
  return !relative(directory, resolve(config.path)).startsWith('..');
};

/** Refuses code whose state would be lost with the worktree: the next run would create everything again. */
export const requireBackend = async ({
  directory,
  operation: doing,
}: TerraformWorkspace): Promise<Backend> => {
  const backend = await readBackend(directory);
  if (backend && !isThrownAway(backend, directory)) return backend;
  throw activityFailure({
    type: failureTypes.noBackend,
    message: backend
      ? `${doing}: the local backend keeps its state inside the worktree, which is thrown away after the run`
      : `${doing}: the Terraform code has no backend, so its state would be thrown away with the worktree`,
    hint: backend
      ? "Set `path` in the catalog's backend settings to a file outside the repository, or use a shared backend."
      : 'Add a backend or cloud block to the code, for example `terraform { backend "s3" {} }`; its settings may stand in the catalog.',
  });
};
