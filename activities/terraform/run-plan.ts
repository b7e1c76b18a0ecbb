import { stat } from 'node:fs/promises';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { CommandResult } from '../process/port.ts';
import { throwIfStopped } from '../process/stopped.ts';
import { classify } from './classify.ts';
import { completeLog } from './complete-log.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { type createDiagnostics, diagnosticLines } from './diagnostics.ts';
import { readPlanFile } from './plan-file.ts';
import { baseScrub } from './secrets/base-scrub.ts';
import { logLine, readUiLine } from './ui-line.ts';
import type { Workplace } from './workplace.ts';

type Diagnostics = ReturnType<typeof createDiagnostics>;

interface PlanOptions {
  /** Where the plan file is written. */
  readonly file: string;
  readonly more: readonly string[];
}

/** Waits for the state's lock, and keeps everybody else waiting. */
export const withLock = ({ lockTimeout = '30s' }: TerraformDependencies): string =>
  `-lock-timeout=${lockTimeout}`;

/** Runs `terraform plan`. */
export const runPlan = async (
  deps: TerraformDependencies,
  place: Workplace,
  { file, more }: PlanOptions,
  diagnostics: Diagnostics,
): Promise<CommandResult> => {
  let refreshed = 0;
  const result = await deps.runCommand(
    {
      doing: place.doing,
      file: place.binary,
      args: ['plan', '-json', `-out=${file}`, '-input=false', ...more],
      cwd: place.directory,
      access: 'cloud',
      env: place.env,
      // It holds the state's lock, and gives it back only when it comes to its end.
      outlives: true,
      onStdout: (text) => {
        const line = readUiLine(text);
        if (!line) return null;
        if (line.diagnostic) diagnostics.add(line.diagnostic);
        if (line.type !== 'refresh_start') return logLine(line);
        refreshed += 1;
        return `refreshing ${refreshed}: ${line.hook?.resource.addr ?? ''}`;
      },
      progress: () => ({ done: refreshed > 0 ? refreshed : null, total: null }),
    },
    place.key('terraform-plan.log'),
  );
  await throwIfStopped(result, place.doing);
  return result;
};

const exists = async (file: string): Promise<boolean> => (await stat(file).catch(() => null)) !== null;

/** An errored plan is written too, and says what in it is secret; without one there is nothing to say. */
const knownScrub = async (deps: TerraformDependencies, place: Workplace, file: string) => {
  if (!(await exists(file))) return baseScrub(deps, place);
  return (await readPlanFile(deps, place, file)).scrub;
};

/** Why there is no plan, from what Terraform complained of. */
export const planFailure = async (
  deps: TerraformDependencies,
  place: Workplace,
  { file, backend }: { readonly file: string; readonly backend: string },
  diagnostics: Diagnostics,
  result: CommandResult,
) => {
  const scrub = await knownScrub(deps, place, file);
  const lines = diagnostics.all.flatMap(diagnosticLines).map(scrub);
  const situation = { doing: place.doing, otherwise: failureTypes.planFailed, backend, scrub };
  return activityFailure({
    ...classify(diagnostics.errors, situation),
    tail: (lines.length > 0 ? lines : result.tail).slice(0, 20),
    log: await completeLog(deps.artifacts, result.log, lines),
  });
};
