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

const leftoversGetMs = 8000;

/** A number may belong to another process by now: only a leash, or the rest of a group without leader, is ours. */
const isOurs = (leader: number): boolean => {
  const command = processCommandLine(leader);
  return signalGroup(leader, 0) && (command === '' || command.includes('leash.sh'));
};

const endLeftovers = async (groups: readonly number[], say: (line: string) => void): Promise<void> => {
  const ours = groups.filter(isOurs);
  if (ours.length === 0) return;
  say('The last start was ended hard; ending what it left behind.');
  for (const leader of ours) signalGroup(leader, 'SIGTERM');
  await Promise.all(
    ours.map(async (leader) => {
      if (!(await waitForGroupExit(leader, leftoversGetMs))) signalGroup(leader, 'SIGKILL');
      await waitForGroupExit(leader, leftoversGetMs);
    }),
  );
};

/** Makes sure that one `npm start` at a time uses this folder, and remembers its processes. */
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
      `Quarterdeck runs already in this folder (process ${last.pid}): ${last.console}`,
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
