import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { throwIfStopped } from '../process/stopped.ts';
import { requireBackend, writeBackendConfig } from './backend.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { mayPass } from './passing-trouble.ts';
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
  if (result.exitCode === 0) return (await requireBackend(place)).type;
  const said = firstError(errors);
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
