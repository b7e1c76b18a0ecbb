import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const leash = fileURLToPath(new URL('../tools/leash.sh', import.meta.url));

const signalGroup = (child, signal) => {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};

/**
 * Runs a program, keeps its whole output in `log` and the last lines in memory. Never rejects: the caller
 * knows what a failure means. `stalled` is asked every second and ends the program by answering true.
 * The program is on a leash: when this process dies, it is not left behind to work on the same files.
 */
export const run = (file, args, { cwd, env, log, onLine = () => {}, stalled = () => false }) =>
  new Promise((resolve) => {
    mkdirSync(dirname(log), { recursive: true });
    const sink = createWriteStream(log);
    const tail = [];
    const take = (chunk) => {
      sink.write(chunk);
      for (const line of String(chunk).split('\n')) {
        if (line.trim() === '') continue;
        tail.push(line.trimEnd());
        onLine(line.trim());
      }
      tail.splice(0, tail.length - 15);
    };
    const child = spawn('sh', [leash, file, ...args], { cwd, env, detached: true });
    const watch = setInterval(() => stalled() && signalGroup(child, 'SIGKILL'), 1000);
    const finish = (code) => {
      clearInterval(watch);
      sink.end(() => resolve({ ok: code === 0, code, tail: tail.join('\n') }));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => {
      take(`${error.message}\n`);
      finish(127);
    });
    child.once('exit', () => child.stdin.destroy());
    child.once('close', (code) => finish(code ?? 1));
  });
