import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { throwIfStopped } from '../process/stopped.ts';
import { requireBackend, writeBackendConfig } from './backend.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { lockFileName } from './lock-file.ts';
import { mayPass } from './passing-trouble.ts';
import { baseScrub } from './secrets/base-scrub.ts';
import { secretSettings } from './secrets/secret-settings.ts';
import type { Workplace } from './workplace.ts';

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

const mostErrorLines = 40;
const longestReason = 400;

const markIn = (directory: string): string => join(directory, '.terraform', 'quarterdeck-init');

/** What the outcome of `init` depends on, apart from the code: that is the worktree's commit. */
const markOf = async ({ binary, directory, backend }: Workplace): Promise<string> => {
  const lock = await readFile(join(directory, lockFileName)).catch(() => '');
  return createHash('sha256')
    .update(JSON.stringify([binary, backend]))
    .update(lock)
    .digest('hex');
};

/** Runs `init` with the catalog's backend settings, and refuses code without a backend. */
export const initialise = async (deps: TerraformDependencies, place: Workplace): Promise<string> => {
  const { doing, binary, directory, env, backend } = place;
  const settings = await writeBackendConfig(place);
  const errors: string[] = [];
  const result = await deps.runCommand(
    {
      doing,
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
      secrets: secretSettings(backend),
      onStderr: (line) => {
        const text = unboxed(line);
        if (text !== null && errors.length < mostErrorLines) errors.push(text);
        return text;
      },
    },
    place.key('terraform-init.log'),
  );
  await throwIfStopped(result, doing);
  if (result.exitCode === 0) {
    const { type } = await requireBackend(place);
    // Without it, `init` is only run once more than needed.
    await writeFile(markIn(directory), await markOf(place)).catch(() => undefined);
    return type;
  }
  const said = firstError(baseScrub(deps, place)(errors.join('\n')).split('\n'))?.slice(0, longestReason);
  const passing = mayPass(errors.join(' '));
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
export const initialiseOnce = async (deps: TerraformDependencies, place: Workplace): Promise<string> => {
  const mark = await readFile(markIn(place.directory), 'utf8').catch(() => null);
  return mark === (await markOf(place)) ? (await requireBackend(place)).type : initialise(deps, place);
};
