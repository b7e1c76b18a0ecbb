import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { installHint } from '../process/install-hints.ts';
import type { CommandResult } from '../process/port.ts';

/** dash: "sh: 1: x: not found"; bash: "bash: line 1: x: command not found"; busybox: "sh: x: not found". */
const notFound = /\bsh: (?:line )?(?:\d+: )?([^\s:]+): (?:command )?not found/;

/** A shell says with 127 that a command is not there; which one stands in its last lines. */
export const missingCommand = (doing: string, { exitCode, tail, log }: CommandResult) => {
  if (exitCode !== 127) return null;
  const name = tail.map((line) => notFound.exec(line)?.[1]).findLast((found) => found !== undefined);
  if (name === undefined) return null;
  return activityFailure({
    type: failureTypes.commandNotFound,
    message: `${doing}: the command \`${name}\` is not on this worker`,
    hint: installHint(name),
    tail,
    log,
  });
};
