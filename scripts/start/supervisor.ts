import { join } from 'node:path';
import type { ChildSpec } from './child.ts';
import type { Instance } from './instance.ts';
import { formatLogLine, getProblem } from './log-record.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';
import type { Terminal } from './terminal.ts';

const readLogsEveryMs = 300;
const lastWords = 8;

/** Not blank, and not where in the code: the whole is in the log. */
const isTelling = (line: string): boolean => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line);

/** The processes that `npm start` keeps running, in the order in which they were started. */
export interface Supervisor {
  start(spec: ChildSpec): Promise<SupervisedProcess>;
  /** From now on a process that falls is an incident to tell of, not a failed start. */
  begin(): void;
  /** Stops the last started first; what was started together stops together. */
  stop(): Promise<void>;
  hurry(): Promise<void>;
}

export const createSupervisor = (logs: string, instance: Instance, terminal: Terminal): Supervisor => {
  const keepers: SupervisedProcess[] = [];
  const tails = new Map<string, readonly string[]>();
  let begun = false;
  let ended = false;

  const readLogs = (): void => {
    for (const { name, log } of keepers) {
      const lines = log.newLines();
      tails.set(name, [...(tails.get(name) ?? []), ...lines.filter(isTelling)].slice(-lastWords));
      if (!begun || name === 'temporal') continue; // its warnings are about itself
      for (const line of lines) {
        const problem = getProblem(line);
        if (problem !== null) terminal.problem(name, problem);
      }
    }
  };
  const reading = setInterval(readLogs, readLogsEveryMs);

  const remember = (): void =>
    instance.remember(keepers.map(({ leader }) => leader()).filter((leader) => leader !== null));

  const fell = (name: string, how: string, pauseMs: number): void => {
    readLogs();
    terminal.say(`${name} ended (${how}); the last lines of .quarterdeck/logs/${name}.log:`);
    for (const line of tails.get(name) ?? []) terminal.say(terminal.dim(`  ${formatLogLine(line)}`));
    if (begun) terminal.say(`Starting ${name} again in ${pauseMs / 1000} s.`);
  };

  const end = async (how: 'stop' | 'hurry'): Promise<void> => {
    const [server, others] = [
      keepers.filter(({ name }) => name === 'temporal'),
      keepers.filter(({ name }) => name !== 'temporal'),
    ];
    await Promise.all(others.map((keeper) => keeper[how]()));
    await Promise.all(server.map((keeper) => keeper[how]()));
    if (ended) return; // by the other of the two
    ended = true;
    clearInterval(reading);
    for (const { log } of keepers) log.close();
    instance.forget();
  };

  return {
    async start(spec) {
      const keeper = await superviseProcess(spec, join(logs, `${spec.name}.log`), {
        started: remember,
        fell,
      });
      keepers.push(keeper);
      remember();
      return keeper;
    },
    begin() {
      begun = true;
    },
    stop: () => end('stop'),
    hurry: () => end('hurry'),
  };
};
