import { join } from 'node:path';
import type { ChildSpec } from './child.ts';
import type { Instance } from './instance.ts';
import { formatLogLine, getProblem } from './log-record.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';
import type { Terminal } from './terminal.ts';

const readLogsIntervalMs = 300;
const maxTailLines = 8;

/** Neither blank nor a line of a stack trace; the log file has those. */
const isInformative = (line: string): boolean => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line);

/** The processes that `npm start` keeps running, in the order in which they were started. */
export interface Supervisor {
  start(spec: ChildSpec): Promise<SupervisedProcess>;
  /** From now on an exit is reported as an incident, not as a failed start. */
  markStarted(): void;
  /** Stops the bot and the worker together, then the Temporal server. */
  stop(): Promise<void>;
  forceStop(): Promise<void>;
}

export const createSupervisor = (logs: string, instance: Instance, terminal: Terminal): Supervisor => {
  const processes: SupervisedProcess[] = [];
  const tails = new Map<string, readonly string[]>();
  let hasStarted = false;
  let ended = false;

  const readLogs = (): void => {
    for (const { name, log } of processes) {
      const lines = log.newLines();
      tails.set(name, [...(tails.get(name) ?? []), ...lines.filter(isInformative)].slice(-maxTailLines));
      if (!hasStarted || name === 'temporal') continue; // its warnings are not about runs
      for (const line of lines) {
        const problem = getProblem(line);
        if (problem !== null) terminal.problem(name, problem);
      }
    }
  };
  const reading = setInterval(readLogs, readLogsIntervalMs);

  const remember = (): void =>
    instance.remember(processes.map(({ leader }) => leader()).filter((leader) => leader !== null));

  const exited = (name: string, how: string, pauseMs: number): void => {
    readLogs();
    terminal.say(`${name} exited (${how}). Last lines of .quarterdeck/logs/${name}.log:`);
    for (const line of tails.get(name) ?? []) terminal.say(terminal.dim(`  ${formatLogLine(line)}`));
    if (hasStarted) terminal.say(`Restarting ${name} in ${pauseMs / 1000} s.`);
  };

  const end = async (method: 'stop' | 'forceStop'): Promise<void> => {
    const [server, others] = [
      processes.filter(({ name }) => name === 'temporal'),
      processes.filter(({ name }) => name !== 'temporal'),
    ];
    await Promise.all(others.map((one) => one[method]()));
    await Promise.all(server.map((one) => one[method]()));
    if (ended) return; // stop and forceStop can overlap
    ended = true;
    clearInterval(reading);
    for (const { log } of processes) log.close();
    instance.forget();
  };

  return {
    async start(spec) {
      const supervised = await superviseProcess(spec, join(logs, `${spec.name}.log`), {
        started: remember,
        exited,
      });
      processes.push(supervised);
      remember();
      return supervised;
    },
    markStarted() {
      hasStarted = true;
    },
    stop: () => end('stop'),
    forceStop: () => end('forceStop'),
  };
};
