import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const exitWithParent = fileURLToPath(new URL('../tools/exit-with-parent.sh', import.meta.url));
const maxTailLines = 15;

const signalGroup = (child, signal) => {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};

/**
 * Runs a program, writes its whole output to `log` and keeps the last lines in memory. Never rejects: the
 * caller knows what a failure means. `stalled` is called every second; the program is killed when it returns
 * true. The program exits with this process, so it is never left behind to work on the same files.
 */
export const runProgram = (file, args, { cwd, env, log, onLine = () => {}, stalled = () => false }) =>
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
      tail.splice(0, tail.length - maxTailLines);
    };
    const child = spawn('sh', [exitWithParent, file, ...args], { cwd, env, detached: true });
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
