import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { truncateEnd } from '../process/output-lines.ts';
import { requireBackend, writeBackendConfig } from './backend.ts';
import { isTransient } from './classify-errors.ts';
import { createBaseRedactor, secretBackendValues } from './secrets/redactor.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

/**
 * Records the selected build of each provider. Absent when the code uses only the built-in provider.
 * @see https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export const providerLockFile = '.terraform.lock.hcl';

/** Stores the provider lock file that `init` wrote; null when there is none. */
export const storeProviderLock = async (
  artifacts: ArtifactStore,
  { directory, key }: TerraformWorkspace,
): Promise<ArtifactRef | null> => {
  const content = await readFile(join(directory, providerLockFile)).catch(() => null);
  return content === null ? null : artifacts.put(key(providerLockFile), content);
};

/** Terraform draws a frame around its errors. */
const removeFrame = (line: string): string | null => {
  const text = line.replace(/^[╷│╵]\s?/, '').trimEnd();
  return text === '' ? null : text;
};

/** The first specific error: Terraform may begin with one that only announces the others. */
const findFirstError = (lines: readonly string[]): string | null => {
  const errors = lines.filter((line) => line.startsWith('Error: ')).map((line) => line.slice(7));
  return errors.find((line) => !/encountered problems during init/.test(line)) ?? errors[0] ?? null;
};

const maxErrorLines = 40;
const maxReasonLength = 400;

const getMarkerPath = (directory: string): string => join(directory, '.terraform', 'quarterdeck-init');

/** Names everything that the outcome of `init` depends on, apart from the code: a worktree has one commit. */
const computeMarker = async ({ binary, directory, backend }: TerraformWorkspace): Promise<string> => {
  const lock = await readFile(join(directory, providerLockFile)).catch(() => '');
  return createHash('sha256')
    .update(JSON.stringify([binary, backend]))
    .update(lock)
    .digest('hex');
};

/**
 * Runs `terraform init` with the catalog's backend settings. Returns the backend's type, such as `s3`.
 * @throws initFailed (retried up to 5 attempts when the error looks transient), noBackend, catalogInvalid,
 *   interrupted (retried on another worker).
 * @see https://developer.hashicorp.com/terraform/cli/commands/init
 */
export const runInit = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
): Promise<string> => {
  const { operation, binary, directory, env, backend } = workspace;
  const backendConfig = await writeBackendConfig(workspace);
  const errorLines: string[] = [];
  const result = await deps.runCommand(
    {
      operation,
      file: binary,
      args: [
        'init',
        '-input=false',
        '-no-color',
        // The worktree may have been initialized with other settings. This never migrates state.
        '-reconfigure',
        ...(backendConfig ? [`-backend-config=${backendConfig}`] : []),
      ],
      cwd: directory,
      access: 'cloud',
      env,
      secrets: secretBackendValues(backend),
      onStderr: (line) => {
        const text = removeFrame(line);
        if (text !== null && errorLines.length < maxErrorLines) errorLines.push(text);
        return text;
      },
    },
    workspace.key('terraform-init.log'),
  );
  await throwIfInterrupted(result, operation);
  if (result.exitCode === 0) {
    const { type } = await requireBackend(workspace);
    // If this fails, the next activity only runs `init` once more than necessary.
    await writeFile(getMarkerPath(directory), await computeMarker(workspace)).catch(() => undefined);
    return type;
  }
  const redacted = createBaseRedactor(deps, workspace)(errorLines.join('\n')).split('\n');
  const reason = findFirstError(redacted);
  const retryable = isTransient(errorLines.join(' '));
  throw activityFailure({
    type: failureTypes.initFailed,
    message: `${operation}: terraform init failed${reason ? `: ${truncateEnd(reason, maxReasonLength)}` : ''}`,
    hint: retryable
      ? 'Quarterdeck retries automatically. Check that this worker can reach the provider registry and the backend.'
      : null,
    retryable,
    tail: result.tail,
    log: result.log,
  });
};

/**
 * Runs `init` only when this worktree was not initialized with the same binary, backend settings and provider
 * lock file. After an approval, an apply in the plan's worktree therefore starts at once.
 * Returns and throws as `runInit` does.
 */
export const ensureInitialized = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
): Promise<string> => {
  const marker = await readFile(getMarkerPath(workspace.directory), 'utf8').catch(() => null);
  if (marker !== (await computeMarker(workspace))) return runInit(deps, workspace);
  return (await requireBackend(workspace)).type;
};
