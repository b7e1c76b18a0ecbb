import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { processCommandLine } from '../../runtime/process-command-line.ts';
import {
  isRunning,
  readStartRecord,
  type StartedSettings,
  type StartRecord,
} from '../../runtime/start-record.ts';
import { signalGroup, waitForGroupExit } from './process-group.ts';
import { StartError } from './start-error.ts';

const leftoverGraceMs = 8000;

/**
 * A recorded process ID may belong to another process by now. A group is ours when its leader is
 * exit-with-parent.sh (leash.sh before), or when the leader has exited.
 */
const isOurs = (leader: number): boolean => {
  const command = processCommandLine(leader);
  return signalGroup(leader, 0) && (command === '' || /(exit-with-parent|leash)\.sh/.test(command));
};

const endLeftovers = async (groups: readonly number[], say: (line: string) => void): Promise<void> => {
  const ours = groups.filter(isOurs);
  if (ours.length === 0) return;
  say('Cleaning up processes from a previous crash.');
  for (const leader of ours) signalGroup(leader, 'SIGTERM');
  await Promise.all(
    ours.map(async (leader) => {
      if (!(await waitForGroupExit(leader, leftoverGraceMs))) signalGroup(leader, 'SIGKILL');
      await waitForGroupExit(leader, leftoverGraceMs);
    }),
  );
};

/** Ensures that only one `npm start` uses this folder, and records its processes. */
export interface Instance {
  remember(groups: readonly number[]): void;
  forget(): void;
}

export const claimInstance = async (
  path: string,
  { console, chosen }: { readonly console: string; readonly chosen: StartedSettings },
  say: (line: string) => void,
): Promise<Instance> => {
  const last = readStartRecord(path);
  if (last && last.pid !== process.pid && isRunning(last))
    throw new StartError(
      `Quarterdeck already runs in this folder (process ${last.pid}): ${last.console}`,
      `kill ${last.pid}`,
    );
  if (last) await endLeftovers(last.groups, say);
  mkdirSync(dirname(path), { recursive: true });
  const remember = (groups: readonly number[]): void => {
    writeFileSync(
      `${path}.next`,
      JSON.stringify({ pid: process.pid, console, groups: [...groups], chosen } satisfies StartRecord),
    );
    renameSync(`${path}.next`, path);
  };
  remember([]);
  return { remember, forget: () => rmSync(path, { force: true }) };
};
