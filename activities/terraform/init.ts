import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { requireBackend, writeBackendConfig } from './backend.ts';
import { isTransient } from './classify-errors.ts';
import { createBaseRedactor, secretBackendValues } from './secrets/redactor.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

/** Says which build of each provider was chosen; absent where only the built-in one is used. */
export const providerLockFile = '.terraform.lock.hcl';

export const storeProviderLock = async (
  artifacts: ArtifactStore,
  path: string,
  key: string,
): Promise<ArtifactRef | null> => {
  const content = await readFile(path).catch(() => null);
  return content === null ? null : artifacts.put(key, content);
};

/** Terraform draws its errors in a box. */
const unboxed = (line: string): string | null => {
  const text = line.replace(/^[╷│╵]\s?/, '').trimEnd();
  return text === '' ? null : text;
};

/** Terraform may begin by saying that there are errors. */
const firstError = (lines: readonly string[]): string | null => {
  const errors = lines.filter((line) => line.startsWith('Error: ')).map((line) => line.slice(7));
  return errors.find((line) => !/encountered problems during init/.test(line)) ?? errors[0] ?? null;
};

const maxErrorLines = 40;
const maxReasonLength = 400;

const markIn = (directory: string): string => join(directory, '.terraform', 'quarterdeck-init');

/** What the outcome of `init` depends on, apart from the code: that is the worktree's commit. */
const markOf = async ({ binary, directory, backend }: TerraformWorkspace): Promise<string> => {
  const lock = await readFile(join(directory, providerLockFile)).catch(() => '');
  return createHash('sha256')
    .update(JSON.stringify([binary, backend]))
    .update(lock)
    .digest('hex');
};

/** Runs `init` with the catalog's backend settings, and refuses code without a backend. */
export const runInit = async (deps: TerraformDependencies, place: TerraformWorkspace): Promise<string> => {
  const { operation: doing, binary, directory, env, backend } = place;
  const settings = await writeBackendConfig(place);
  const errors: string[] = [];
  const result = await deps.runCommand(
    {
      operation: doing,
      file: binary,
      args: [
        'init',
        '-input=false',
        '-no-color',
        // The worktree may have been set up for other settings; the state itself is never moved.
        '-reconfigure',
        ...(settings ? [`-backend-config=${settings}`] : []),
      ],
      cwd: directory,
      access: 'cloud',
      env,
      secrets: secretBackendValues(backend),
      onStderr: (line) => {
        const text = unboxed(line);
        if (text !== null && errors.length < maxErrorLines) errors.push(text);
        return text;
      },
    },
    place.key('terraform-init.log'),
  );
  await throwIfInterrupted(result, doing);
  if (result.exitCode === 0) {
    const { type } = await requireBackend(place);
    // Without it, `init` is only run once more than needed.
    await writeFile(markIn(directory), await markOf(place)).catch(() => undefined);
    return type;
  }
  const said = firstError(createBaseRedactor(deps, place)(errors.join('\n')).split('\n'))?.slice(
    0,
    maxReasonLength,
  );
  const passing = isTransient(errors.join(' '));
  throw activityFailure({
    type: failureTypes.initFailed,
    message: `${doing}: terraform init failed${said ? `: ${said}` : ''}`,
    hint: passing
      ? "Check that this worker reaches the providers' registry and the backend; it is tried again."
      : null,
    retryable: passing,
    tail: result.tail,
    log: result.log,
  });
};

/**
 * For what follows a plan: the worktree in which it was made is as `init` left it, so a person who said
 * yes does not wait for another one. Made afresh, or on another worker, it is set up first.
 */
export const ensureInitialized = async (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
): Promise<string> => {
  const mark = await readFile(markIn(place.directory), 'utf8').catch(() => null);
  return mark === (await markOf(place)) ? (await requireBackend(place)).type : runInit(deps, place);
};
